import { Code } from "@connectrpc/connect";
import { expect, it } from "vitest";

import { type CompletionJson, post, question } from "../harness/api.js";
import { until } from "../harness/until.js";
import { complete, type EdgeHouse, expectPaid, hanging } from "./edge-house.js";

const chat = "/synod.chat.v1.ChatService/Chat";
const rpcQuestion = (model: string): object => ({
  model,
  messages: [{ role: "ROLE_USER", parts: [{ text: "?" }] }],
});
/** How much later than its deadline an answer may be on a machine that is busy with something else, in milliseconds. */
const busyMs = 5_000;

/** Callers who say how long they wait. */
export function testDeadlines(house: () => EdgeHouse): void {
  const silent = `openrouter/${hanging.silent}`;
  const deadline = (ms: number) => ({ "x-synod-deadline-ms": String(ms) });
  const nobodyAsked = () => house().upstream.simulator.control.stats().inFlight === 0;

  it("the best answer so far is out by the deadline, with its reason", async () => {
    await expectPaid(house(), 3, async () => {
      const healthy = { model: "openrouter/acme/healthy" };
      const consensus = { members: [healthy, healthy, { model: silent }], quorum: 2, grace_ms: 60_000 };
      const started = performance.now();
      const answer = await complete(house(), { ...question("?"), consensus }, deadline(1_500));
      expect(answer.status, answer.text).toBe(200);
      expect(performance.now() - started).toBeLessThan(1_500 + busyMs);
      const { consensus: how } = answer.json<CompletionJson>();
      expect(how).toMatchObject({ stopped: "deadline", agreement: 1 });
      expect(how.degraded).toContain("stopped_by_deadline");
    });
    await until("who hangs is left", nobodyAsked);
  });

  it("without any answer it is 504, of a panel and of one model, streamed or not", async () => {
    const consensus = { members: [{ model: silent }] };
    await expectPaid(house(), 4, async () => {
      for (const body of [{ ...question("?"), consensus }, question("?", silent)]) {
        for (const stream of [false, true]) {
          const started = performance.now();
          const answer = await complete(house(), { ...body, stream }, deadline(400));
          expect(answer.status, answer.text).toBe(504);
          expect(answer.json()).toMatchObject({ error: { type: "timeout" } });
          expect(performance.now() - started).toBeLessThan(400 + busyMs);
        }
      }
    });
    await until("who hangs is left", nobodyAsked);
  });

  it("F38: an RPC whose time is over asks nobody", async () => {
    await expectPaid(house(), 0, async () => {
      for (const model of ["synod/default", "openrouter/acme/healthy"]) {
        const headers = { "connect-timeout-ms": "0" };
        const answer = await post(`${house().synod.url}${chat}`, rpcQuestion(model), { headers });
        expect(answer.json()).toMatchObject({ code: "deadline_exceeded" });
      }
    });
  });

  it("F38: an RPC ends by its deadline", async () => {
    await expectPaid(house(), 1, async () => {
      const started = performance.now();
      const headers = { "connect-timeout-ms": "300" };
      const answer = await post(`${house().synod.url}${chat}`, rpcQuestion(silent), { headers });
      expect(answer.json()).toMatchObject({ code: "deadline_exceeded" });
      expect(performance.now() - started).toBeLessThan(300 + busyMs);
    });
    await until("who hangs is left", nobodyAsked);
  });

  it.each(["-1", "1.5", "soon", "99999999999"])("F38: a deadline of %s is refused", async (text) => {
    await expectPaid(house(), 0, async () => {
      const headers = { "connect-timeout-ms": text };
      const answer = await post(`${house().synod.url}${chat}`, rpcQuestion("synod/default"), { headers });
      expect(answer.json(), Code[Code.InvalidArgument]).toMatchObject({ code: "invalid_argument" });
      const http = await complete(house(), question("?"), { "x-synod-deadline-ms": text });
      expect(http.json()).toMatchObject({ error: { param: "x-synod-deadline-ms" } });
    });
  });
}
