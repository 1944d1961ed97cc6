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

/** A limit of tokens in a minute: a thousand in a second. */
const bucket = 60_000;
/** A text that counts so many tokens. */
const textOf = (tokens: number, name = "") => name.padEnd(4 * tokens, ".");

const statsOf = ({ upstream }: FaultHouse, model: string) =>
  upstream.simulator.control.stats().models[model] ?? { received: 0, inFlight: 0, peakInFlight: 0 };

/** Milliseconds that the provider gateway took for each call that it refused since, by its log. */
async function refusalTimes({ synod }: FaultHouse, since: number, count: number): Promise<readonly number[]> {
  let lines: readonly string[] = [];
  await until("all refusals are in the log", () => {
    const written = synod.output().slice(since).split("\n").slice(0, -1);
    lines = written.filter((line) => line.includes("ProviderService") && line.includes('"overloaded"'));
    return lines.length === count;
  });
  return lines.map((line) => (JSON.parse(line) as { durationMs: number }).durationMs);
}

/** @param share 0 to 1. */
function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(share * (values.length - 1))] ?? Infinity;
}

/** Calls that wait for a place, or for a limit. */
export const queue: FaultGroup = {
  name: "the queue",
  cases: [],
  providers: ({ openrouterUrl: base_url }) => ({
    narrow: { kind: "openrouter", base_url, max_concurrency: places, max_queue: seats },
    orderly: { kind: "openrouter", base_url, max_concurrency: 1 },
    full: { kind: "openrouter", base_url, max_concurrency: 1, max_queue: 1 },
    minute: { kind: "openrouter", base_url, requests_per_minute: 2, total_timeout_ms: 2_000 },
    paced: { kind: "openrouter", base_url, tokens_per_minute: bucket },
    hasty: { kind: "openrouter", base_url, tokens_per_minute: bucket, total_timeout_ms: 3_000 },
  }),
  rules: [{ model: "acme/full", calls: "all", fault: { kind: "hang", when: "before_headers" } }],
  more(house) {
    it("1,000 calls at once: never more than 8 upstream, the others wait or are refused at once", async () => {
      const before = house().synod.output().length;
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
      // What a thousand callers wait for is the front: here is the time that the queue itself takes for each.
      const times = await refusalTimes(house(), before, refused.length);
      expect(percentile(times, 0.99)).toBeLessThan(50);
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
      expect(percentile(times, 0.5)).toBeLessThan(50);

      await second.leave();
      await until("the seat is free", async () => (await waiting()) === 0, 1_000);
      await first.leave();
      await until("nobody is asked", () => statsOf(house(), "acme/full").inFlight === 0, 1_000);
      expect(callsOf(house(), "acme/full").map(({ state }) => state)).toEqual(["aborted"]);
    });

    it("F1: who waits for a limit is served first come, first served", async () => {
      await using grpc = grpcClient(house().synod.grpcAddress);
      await grpc.ask("paced/acme/paced", textOf(bucket));
      const texts = Array.from({ length: 20 }, (_, index) => textOf(100, `number ${index}`));
      await Promise.all(texts.map((text) => grpc.ask("paced/acme/paced", text)));
      const [, ...asked] = callsOf(house(), "acme/paced").map((call) => messagesOf(call)[0]?.content);
      expect(asked).toEqual(texts);
    });

    it("F1: who would wait for a limit beyond the deadline is refused at once", async () => {
      const ask = (tokens: number) =>
        askModel(house().synod.url, "hasty/acme/hasty", { text: textOf(tokens) });
      expect((await ask(bucket)).status).toBe(200);
      const ends: number[] = [];
      const answers = await Promise.all(
        Array.from({ length: 60 }, async () => {
          const answer = await ask(100);
          ends.push(answer.status);
          return answer;
        }),
      );
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expect(answer).toMatchObject({ status: 429, code: "rate_limit_exceeded", shouldRetry: true });
        expect(answer.retryAfter).toBeGreaterThanOrEqual(2);
      }
      const answered = ends.filter((status) => status === 200).length;
      expect(answered).toBeGreaterThan(20);
      expect(answered).toBeLessThan(40);
      // Ten are let through in a second: all refusals are heard in about the first.
      expect(ends.slice(0, ends.lastIndexOf(429)).filter((status) => status === 200).length).toBeLessThan(15);
      expect(callsOf(house(), "acme/hasty")).toHaveLength(1 + answered);
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
