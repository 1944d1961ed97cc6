import { expect, it } from "vitest";

import { askModel } from "../harness/ask-model.js";
import { fails } from "../harness/upstream.js";
import { until } from "../harness/until.js";
import { callsOf, type FaultGroup } from "./fault-house.js";

/** F25 of one model: a caller who leaves. */
export const leaving: FaultGroup = {
  name: "leaving",
  cases: [],
  rules: [
    fails("acme/silent", { kind: "hang", when: "before_headers" }),
    fails("acme/silent-in-the-middle", { kind: "hang", afterTokens: 2 }),
    fails("acme/later", { kind: "rate_limit", scope: "upstream", hint: { seconds: 1 } }, [1]),
  ],
  more(house) {
    const leave = async (model: string, stream: boolean, when: () => boolean): Promise<void> => {
      const caller = new AbortController();
      const { signal } = caller;
      const asked = askModel(house().synod.url, `openrouter/${model}`, { stream, signal });
      const left = expect(asked).rejects.toThrow();
      await until("it is time to leave", when);
      caller.abort();
      await left;
    };

    it.each([
      ["acme/silent", "unary"],
      ["acme/silent", "streamed"],
      ["acme/silent-in-the-middle", "unary"],
      ["acme/silent-in-the-middle", "streamed"],
    ])("F25: closes the call of %s within a second (%s)", async (model, how) => {
      const state = model === "acme/silent" ? "received" : "streaming";
      const before = callsOf(house(), model).length;
      const last = () => callsOf(house(), model)[before];
      await leave(model, how === "streamed", () => last()?.state === state);
      await until("the upstream's connection is closed", () => last()?.state === "aborted", 1_000);
      expect(callsOf(house(), model)).toHaveLength(before + 1);
    });

    it("F25: a caller who leaves during a wait asks nobody again", async () => {
      await leave("acme/later", false, () => callsOf(house(), "acme/later")[0]?.status === 429);
      // The next question waits for the same limit, so that its call comes when the first would have come.
      const answer = await askModel(house().synod.url, "openrouter/acme/later");
      expect(answer.status).toBe(200);
      expect(callsOf(house(), "acme/later").map(({ status }) => status)).toEqual([429, 200]);
    });
  },
};
