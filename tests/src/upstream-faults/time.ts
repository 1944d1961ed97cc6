import { Code } from "@connectrpc/connect";
import type { Fault } from "@synod/simulator";
import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { providerMetric } from "../harness/metrics.js";
import { until } from "../harness/until.js";
import type { FaultCase, Told } from "./fault-case.js";
import { callsOf, type FaultGroup, playNamed } from "./fault-house.js";

/** Whether money was spent is not known, so nobody is told to ask again. */
const late: Told = { status: 504, code: "upstream_timeout", again: false };

/** The text of a stream that broke after two tokens. */
const begun: Told = { status: 200, code: 504, text: "17 times", finishReason: "error" };

/** One timer is short; the others leave a busy machine its time. */
const soon = { first_token_timeout_ms: 300, total_timeout_ms: 5_000 };
const soonIdle = { first_token_timeout_ms: 4_000, idle_timeout_ms: 400, total_timeout_ms: 5_000 };

const silences: readonly [name: string, play: Fault | readonly Fault[]][] = [
  ["before the headers", { kind: "hang", when: "before_headers" }],
  ["after the headers", { kind: "hang", when: "after_headers" }],
  ["but for comments, which are no tokens", { kind: "comments", count: null, everyMs: 50 }],
];

const cases: readonly FaultCase[] = [
  ...silences.map(([name, play]): FaultCase => ({
    fault: "F10",
    name: `silence ${name}: cut by the first-token timer, and not repeated`,
    play,
    settings: soon,
    told: late,
    paid: 1,
    streamed: late,
    fallback: [1, 1],
  })),
  {
    fault: "F10",
    name: "a model's own first-token timer counts",
    play: { kind: "slow_first_token", ms: 600 },
    settings: soon,
    modelSettings: { first_token_timeout_ms: 5_000 },
    told: { status: 200 },
    paid: 1,
  },
  {
    fault: "F10",
    name: "an answer that Groq gives in one piece only is waited for",
    wire: "groq",
    play: { kind: "slow_first_token", ms: 900 },
    settings: soon,
    body: { response_format: { type: "json_schema", json_schema: { name: "sum", schema: {} } } },
    told: { status: 200 },
    paid: 1,
    streamed: { status: 200 },
  },
  {
    fault: "F11",
    name: "silence in the middle: cut by the idle timer",
    play: { kind: "hang", afterTokens: 2 },
    settings: soonIdle,
    told: late,
    paid: 1,
    streamed: begun,
  },
  {
    fault: "F11",
    name: "a pause that is shorter than the idle timer is waited for",
    play: { kind: "stall", afterTokens: 2, ms: 500 },
    settings: { ...soonIdle, idle_timeout_ms: 3_000 },
    told: { status: 200 },
    paid: 1,
  },
  {
    fault: "F11",
    name: "comments in the middle are life but no progress: cut by the total timer",
    play: { kind: "comments", afterTokens: 2, count: null, everyMs: 50 },
    settings: { ...soonIdle, first_token_timeout_ms: 1_200, total_timeout_ms: 1_200 },
    told: late,
    paid: 1,
    streamed: begun,
  },
  {
    fault: "F12",
    name: "1 byte a second: cut by the first-token timer",
    wire: "groq",
    play: { kind: "trickle" },
    settings: soon,
    told: late,
    paid: 1,
    fallback: [1, 1],
  },
  {
    fault: "F12",
    name: "a trickle: cut by the total timer",
    wire: "groq",
    play: { kind: "trickle", bytesPerSecond: 500 },
    settings: { ...soon, first_token_timeout_ms: 1_400, total_timeout_ms: 1_500 },
    told: late,
    paid: 1,
    streamed: { status: 200, code: 504, finishReason: "error" },
  },
  {
    fault: "F12",
    name: "a trickle: cut by the caller's deadline",
    play: { kind: "trickle" },
    headers: { "x-synod-deadline-ms": "700" },
    told: { status: 504, again: false },
    paid: 1,
  },
];

/** F10 to F12: upstreams that are slow, or silent. */
export const time: FaultGroup = {
  name: "time",
  cases,
  more(house) {
    it("F10: is `deadline_exceeded` over gRPC", async () => {
      await using grpc = grpcClient(house().synod.grpcAddress);
      const { provider, model } = playNamed(house(), "silence before the headers", "unary");
      const failure = await grpc.failure(`${provider}/${model}`);
      expect(failure).toMatchObject({ code: Code.DeadlineExceeded, reason: "upstream_timeout" });
      expect(callsOf(house(), model)).toHaveLength(2);
    });

    it("F10: what a silence after the headers has cost is asked for afterwards", async () => {
      const { provider, model } = playNamed(house(), "silence after the headers", "unary");
      expect(callsOf(house(), model)).toHaveLength(1);
      await until("the cost is known", async () => {
        return (await providerMetric(house().synod, "synod_upstream_cost_usd_total", { provider })) > 0;
      });
    });

    it.each(["silence before the headers", "silence in the middle", "1 byte a second"])(
      "F10, F11, F12: %s: the upstream's connection is closed",
      (name) => {
        const [call] = callsOf(house(), playNamed(house(), name, "unary").model);
        expect(call).toMatchObject({ state: "aborted" });
      },
    );
  },
};
