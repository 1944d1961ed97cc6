import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { askModel } from "../harness/ask-model.js";
import { messagesOf } from "../harness/upstream.js";
import { until } from "../harness/until.js";
import { callsOf, type FaultGroup, type FaultHouse } from "./fault-house.js";

const [places, seats] = [8, 100];
const limits = { max_concurrency: places, max_queue: seats };

/** Answers after 50 ms. */
const brief = "bench/echo-4-after-50";
/** Answers after a quarter of a second. */
const slow = "bench/echo-4-after-250";

const statsOf = ({ upstream }: FaultHouse, model: string) =>
  upstream.simulator.control.stats().models[model] ?? { received: 0, inFlight: 0, peakInFlight: 0 };

/** Calls that wait for a place. */
export const queue: FaultGroup = {
  name: "the queue",
  cases: [],
  providers: ({ openrouterUrl: base_url }) => ({
    narrow: { kind: "openrouter", base_url, ...limits },
    orderly: { kind: "openrouter", base_url, ...limits },
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
      const first = Array.from({ length: places }, () => grpc.ask(`orderly/${slow}`));
      await until("every place is taken", () => statsOf(house(), slow).inFlight === places);
      const names = Array.from({ length: 40 }, (_, index) => `number ${index}`);
      await Promise.all([...first, ...names.map((name) => grpc.ask(`orderly/${slow}`, name))]);
      const asked = callsOf(house(), slow).map((call) => messagesOf(call)[0]?.content);
      expect(asked.slice(places)).toEqual(names);
      expect(statsOf(house(), slow).peakInFlight).toBe(places);
    });

    const askFull = (signal?: AbortSignal): Promise<number> =>
      askModel(house().synod.url, "full/acme/full", signal === undefined ? {} : { signal }).then(
        ({ status }) => status,
      );

    /** Asks until the question waits: it is not refused though others that came later were. */
    const takeSeat = async (): Promise<() => void> => {
      for (;;) {
        const caller = new AbortController();
        let refused = false;
        askFull(caller.signal).then(
          () => (refused = true),
          () => undefined,
        );
        for (let count = 0; count < 3; count += 1) expect(await askFull()).toBe(503);
        if (!refused) return () => caller.abort();
      }
    };

    it("lets go of who leaves, and refuses in under 50 ms when it is full", async () => {
      const first = new AbortController();
      const left = expect(askFull(first.signal)).rejects.toThrow();
      await until("the place is taken", () => statsOf(house(), "acme/full").inFlight === 1);
      const leaveSeat = await takeSeat();
      const times: number[] = [];
      for (let count = 0; count < 9; count += 1) {
        const start = performance.now();
        expect(await askFull()).toBe(503);
        times.push(performance.now() - start);
      }
      expect(Math.min(...times)).toBeLessThan(50);

      leaveSeat();
      const leaveSecondSeat = await takeSeat();
      first.abort();
      await left;
      await until("who waits is asked for", () => callsOf(house(), "acme/full").length === 2);
      leaveSecondSeat();
      await until("nobody is asked", () => statsOf(house(), "acme/full").inFlight === 0, 1_000);
      const calls = callsOf(house(), "acme/full");
      expect(calls.map(({ state }) => state)).toEqual(["aborted", "aborted"]);
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
