import { expect, it } from "vitest";

import { askModel, type ModelAnswer } from "../harness/ask-model.js";
import { fails } from "../harness/upstream.js";
import { until } from "../harness/until.js";
import { callsOf, type FaultGroup } from "./fault-house.js";

const openMs = 1_000;
const fragile = { breaker_failures: 5, breaker_open_ms: openMs, max_attempts: 1 };

/** F3: what spares an upstream that fails, and those who ask it. */
export const breakers: FaultGroup = {
  name: "breakers and the retry budget",
  cases: [],
  providers: ({ openrouterUrl: base_url }) => ({
    fragile: { kind: "openrouter", base_url, ...fragile },
    mending: { kind: "openrouter", base_url, ...fragile },
    flooded: { kind: "openrouter", base_url, breaker_failures: 1_000 },
  }),
  rules: [
    fails("acme/fragile", { kind: "status", status: 500 }),
    fails("acme/mending", { kind: "status", status: 500 }, { from: 1, to: 5 }),
    fails("acme/flooded", [{ kind: "slow_first_token", ms: 100 }, { kind: "error_in_ok" }]),
  ],
  more(house) {
    const ask = (id: string): Promise<ModelAnswer> => askModel(house().synod.url, `${id}/acme/${id}`);
    const failFiveTimes = async (id: string): Promise<void> => {
      for (let count = 1; count <= 5; count += 1) {
        expect(await ask(id)).toMatchObject({ status: 502, code: "upstream_error" });
      }
      expect(callsOf(house(), `acme/${id}`)).toHaveLength(5);
    };

    it.concurrent(
      "F3: an upstream that always fails is asked five times, then once in each interval",
      async () => {
        await failFiveTimes("fragile");
        const spared = await Promise.all(Array.from({ length: 20 }, () => ask("fragile")));
        for (const answer of spared) {
          expect(answer).toMatchObject({ status: 502, code: "upstream_error", shouldRetry: true });
        }
        expect(callsOf(house(), "acme/fragile")).toHaveLength(5);

        await until("two probes were made", async () => {
          await Promise.all(Array.from({ length: 10 }, () => ask("fragile")));
          return callsOf(house(), "acme/fragile").length >= 7;
        });
        const starts = callsOf(house(), "acme/fragile").map(({ receivedAt }) => receivedAt);
        expect(starts).toHaveLength(7);
        expect(Number(starts[5]) - Number(starts[4])).toBeGreaterThanOrEqual(openMs);
        expect(Number(starts[6]) - Number(starts[5])).toBeGreaterThanOrEqual(openMs);
      },
    );

    it.concurrent("F3: an upstream that has recovered is asked again after one probe", async () => {
      await failFiveTimes("mending");
      await until("the probe is answered", async () => (await ask("mending")).status === 200);
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask("mending")));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      expect(callsOf(house(), "acme/mending")).toHaveLength(5 + 1 + 10);
    });

    it.concurrent(
      "F3: under load, an upstream that always fails gets a fifth more calls at most",
      async () => {
        const [callers, each] = [50, 4];
        const answers = await Promise.all(
          Array.from({ length: callers }, async () => {
            const heard: ModelAnswer[] = [];
            while (heard.length < each) heard.push(await ask("flooded"));
            return heard;
          }),
        ).then((heard) => heard.flat());
        expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(["upstream_error"]));
        const calls = callsOf(house(), "acme/flooded").length;
        expect(calls).toBeGreaterThan(answers.length);
        expect(calls).toBeLessThanOrEqual(1.2 * answers.length);
      },
    );
  },
};
