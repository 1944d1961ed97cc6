import { Code } from "@connectrpc/connect";
import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { askModel } from "../harness/ask-model.js";
import { until } from "../harness/until.js";
import { fails } from "../harness/upstream.js";
import type { FaultCase, Told } from "./fault-case.js";
import { askAgain, callsOf, type FaultGroup, playNamed } from "./fault-house.js";
import { answered } from "./told.js";

const limited: Told = { status: 429, code: "rate_limit_exceeded", again: true };
const tooLate = "429 with a wait that is longer than the time left";

/** A limit that passes within a second, in every way in which a provider says when. */
const hints: readonly Pick<FaultCase, "name" | "wire" | "play" | "waits" | "spoilsProvider">[] = [
  {
    name: "as an HTTP date",
    play: { kind: "rate_limit", scope: "upstream", hint: { seconds: 1, as: "http_date" } },
  },
  {
    name: "in milliseconds",
    play: { kind: "rate_limit", scope: "upstream", hint: { seconds: 1, as: "milliseconds" } },
  },
  {
    name: "as the reset of OpenRouter's own limit, in milliseconds since 1970",
    spoilsProvider: true,
    play: { kind: "rate_limit", hint: { seconds: 1, as: "epoch_ms" } },
  },
  {
    name: "as that reset in seconds since 1970",
    spoilsProvider: true,
    // Whole seconds may be nearly a second nearer than they were meant to be.
    waits: 0,
    play: {
      kind: "status",
      status: 429,
      headers: { "x-ratelimit-limit": "20", "x-ratelimit-remaining": "0" },
      hint: { seconds: 1, as: "epoch_seconds" },
    },
  },
  {
    name: "as Groq's reset, in Go's way",
    wire: "groq",
    play: {
      kind: "status",
      status: 429,
      message: "Rate limit reached",
      hint: { seconds: 1, as: "go_duration" },
    },
  },
];

const cases: readonly FaultCase[] = [
  ...(["groq", "openrouter"] as const).map((wire): FaultCase => ({
    fault: "F1",
    name: `429 with Retry-After: 2 is waited for (${wire})`,
    wire,
    play: { kind: "rate_limit", scope: "upstream", hint: { seconds: 2 } },
    calls: [1],
    told: answered,
    paid: 2,
    waits: 2_000,
    fallback: [1, 1],
  })),
  ...hints.map((hint): FaultCase => ({
    fault: "F1",
    waits: 1_000,
    ...hint,
    name: `429 that says when, ${hint.name}, is waited for`,
    calls: [1],
    told: answered,
    paid: 2,
  })),
  {
    fault: "F1",
    name: "429 that never ends: three calls, and its wait is passed on",
    play: { kind: "rate_limit", scope: "upstream", hint: { seconds: 0.2, as: "milliseconds" } },
    told: { ...limited, retryAfter: [1, 1] },
    paid: 3,
    waits: 200,
    streamed: { ...limited, retryAfter: [1, 1] },
  },
  {
    fault: "F1",
    name: `${tooLate} is passed on at once`,
    play: { kind: "rate_limit", scope: "upstream", hint: { seconds: 30 } },
    settings: { total_timeout_ms: 5_000 },
    told: { ...limited, retryAfter: [30, 31] },
    paid: 1,
    fallback: [1, 1],
  },
  {
    fault: "F1",
    name: "429 with a wait that is longer than the caller's deadline is passed on at once",
    wire: "groq",
    play: { kind: "rate_limit", hint: { seconds: 10 } },
    headers: { "x-synod-deadline-ms": "4000" },
    told: { ...limited, retryAfter: [10, 11] },
    paid: 1,
  },
  {
    fault: "F1",
    name: "429 whose reset is a small number: so many seconds from now",
    play: {
      kind: "status",
      status: 429,
      headers: { "x-ratelimit-limit": "20", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" },
    },
    settings: { total_timeout_ms: 5_000 },
    told: { ...limited, retryAfter: [30, 31] },
    paid: 1,
    spoilsProvider: true,
  },
  {
    fault: "F1",
    name: "429 where nobody may wait is passed on, and nothing is said of the queue",
    play: { kind: "rate_limit", scope: "upstream", hint: { seconds: 2 } },
    settings: { max_queue: 0 },
    told: { ...limited, retryAfter: [2, 3] },
    paid: 1,
  },
  {
    fault: "F2",
    name: "429 that does not say when is repeated with jitter, three calls at most",
    play: { kind: "rate_limit", scope: "upstream" },
    told: limited,
    paid: 3,
  },
  {
    fault: "F2",
    name: "429 that says when in its text alone is waited for (groq)",
    wire: "groq",
    play: { kind: "rate_limit" },
    calls: [1],
    told: answered,
    paid: 2,
    waits: 1_327,
  },
];

const crowd = 10;

/** F1 and F2: upstreams whose limit is used up. */
export const limits: FaultGroup = {
  name: "limits",
  cases,
  providers: ({ groqUrl: base_url }) => ({
    hot: { kind: "groq", base_url },
    mixed: { kind: "groq", base_url },
  }),
  rules: [
    fails("hot-model", { kind: "rate_limit", hint: { seconds: 1 } }, { from: 1, to: crowd }),
    fails("limited-model", { kind: "rate_limit", hint: { seconds: 60 } }),
    fails("shaky-model", { kind: "status", status: 500 }, [1]),
  ],
  more(house) {
    it("F1: all who were turned away at once are answered when the limit has passed", async () => {
      const answers = await Promise.all(
        Array.from({ length: crowd }, () => askModel(house().synod.url, "hot/hot-model")),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(crowd).fill(200));
      const calls = callsOf(house(), "hot-model");
      expect(calls.map(({ status }) => status)).toEqual([
        ...Array(crowd).fill(429),
        ...Array(crowd).fill(200),
      ]);
      const [first, back] = [calls[0]?.receivedAt ?? 0, calls[crowd]?.receivedAt ?? 0];
      expect(back - first).toBeGreaterThanOrEqual(1_000);
    });

    it("F1: those who wait for a limit keep no other model from being repeated", async () => {
      const caller = new AbortController();
      const left = Array.from({ length: 3 }, () =>
        expect(
          askModel(house().synod.url, "mixed/limited-model", { signal: caller.signal }),
        ).rejects.toThrow(),
      );
      await until("all wait", () => callsOf(house(), "limited-model").length === 3);
      expect((await askModel(house().synod.url, "mixed/shaky-model")).status).toBe(200);
      expect(callsOf(house(), "shaky-model").map(({ status }) => status)).toEqual([500, 200]);
      caller.abort();
      await Promise.all(left);
      expect(callsOf(house(), "limited-model")).toHaveLength(3);
    });

    it("F1: leaves a limited model alone until its limit has passed", async () => {
      const play = playNamed(house(), tooLate, "unary");
      const answer = await askAgain(house(), play);
      expect(answer).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
      expect(answer.retryAfter).toBeGreaterThan(10);
      expect(callsOf(house(), play.model)).toHaveLength(1);
    });

    it("F1: is `resource_exhausted` over gRPC, and names the wait", async () => {
      await using grpc = grpcClient(house().synod.grpcAddress);
      const { provider, model } = playNamed(house(), tooLate, "unary");
      const failure = await grpc.failure(`${provider}/${model}`);
      expect(failure).toMatchObject({ code: Code.ResourceExhausted, reason: "rate_limit_exceeded" });
      expect(failure.retryAfterMs).toBeGreaterThan(10_000);
      expect(callsOf(house(), model)).toHaveLength(1);
    });
  },
};
