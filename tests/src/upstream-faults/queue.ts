import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { askModel } from "../harness/ask-model.js";
import { providerMetric } from "../harness/metrics.js";
import { messagesOf } from "../harness/upstream.js";
import { until } from "../harness/until.js";
import { callsOf, type FaultGroup, type FaultHouse } from "./fault-house.js";

const [places, seats] = [8, 100];

/** Answers after 50 ms. */
const brief = "bench/echo-4-after-50";
/** Answers after a quarter of a second. */
const slow = "bench/echo-4-after-250";
/** Answers after 20 ms. */
const quick = "bench/echo-4-after-20";

const statsOf = ({ upstream }: FaultHouse, model: string) =>
  upstream.simulator.control.stats().models[model] ?? { received: 0, inFlight: 0, peakInFlight: 0 };

/** Calls that wait for a place. */
export const queue: FaultGroup = {
  name: "the queue",
  cases: [],
  providers: ({ openrouterUrl: base_url }) => ({
    narrow: { kind: "openrouter", base_url, max_concurrency: places, max_queue: seats },
    orderly: { kind: "openrouter", base_url, max_concurrency: 1 },
    full: { kind: "openrouter", base_url, max_concurrency: 1, max_queue: 1 },
    minute: { kind: "openrouter", base_url, requests_per_minute: 2, total_timeout_ms: 2_000 },
  }),
  rules: [{ model: "acme/full", calls: "all", fault: { kind: "hang", when: "before_headers" } }],
  more(house) {
    it("1,000 calls at once: never more than 8 upstream, the others wait or are refused", async () => {
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, () => askModel(house().synod.url, `narrow/${brief}`)),
      );
      const answered = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status !== 200);
      for (const answer of refused) {
        expect(answer).toMatchObject({ status: 503, code: "overloaded", shouldRetry: true });
        expect(answer.retryAfter).toBeGreaterThanOrEqual(1);
      }
      expect(answered.length).toBeGreaterThanOrEqual(places + seats);
      expect(refused.length).toBeGreaterThan(0);
      expect(statsOf(house(), brief)).toMatchObject({ received: answered.length, peakInFlight: places });
    });

    it("first come, first served", async () => {
      await using grpc = grpcClient(house().synod.grpcAddress);
      const first = grpc.ask(`orderly/${slow}`);
      await until("the place is taken", () => statsOf(house(), slow).inFlight === 1);
      const names = Array.from({ length: 25 }, (_, index) => `number ${index}`);
      await Promise.all([first, ...names.map((name) => grpc.ask(`orderly/${quick}`, name))]);
      const asked = callsOf(house(), quick).map((call) => messagesOf(call)[0]?.content);
      expect(asked).toEqual(names);
      expect(statsOf(house(), quick).peakInFlight).toBe(1);
    });

    it("refuses in under 50 ms when it is full, and lets go of who leaves", async () => {
      const askFull = (signal?: AbortSignal) =>
        askModel(house().synod.url, "full/acme/full", signal === undefined ? {} : { signal });
      const waiting = (): Promise<number> =>
        providerMetric(house().synod, "synod_upstream_waiting", { provider: "full" });
      const enter = (): { leave: () => Promise<void> } => {
        const caller = new AbortController();
        const left = expect(askFull(caller.signal)).rejects.toThrow();
        return { leave: () => (caller.abort(), left) };
      };
      const first = enter();
      await until("the place is taken", () => statsOf(house(), "acme/full").inFlight === 1);
      const second = enter();
      await until("the seat is taken", async () => (await waiting()) === 1);
      const times: number[] = [];
      for (let count = 0; count < 9; count += 1) {
        const start = performance.now();
        expect(await askFull()).toMatchObject({ status: 503, code: "overloaded" });
        times.push(performance.now() - start);
      }
      expect(Math.min(...times)).toBeLessThan(50);

      await second.leave();
      await until("the seat is free", async () => (await waiting()) === 0, 1_000);
      await first.leave();
      await until("nobody is asked", () => statsOf(house(), "acme/full").inFlight === 0, 1_000);
      expect(callsOf(house(), "acme/full").map(({ state }) => state)).toEqual(["aborted"]);
    });

    it("F1: a limit of calls in a minute is kept", async () => {
      const ask = () => askModel(house().synod.url, "minute/acme/minute");
      expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
      const third = await ask();
      expect(third).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
      expect(third.retryAfter).toBeGreaterThan(1);
      expect(callsOf(house(), "acme/minute")).toHaveLength(2);
    });
  },
};
