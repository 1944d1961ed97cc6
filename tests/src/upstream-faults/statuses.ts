import { Code } from "@connectrpc/connect";
import type { Fault } from "@synod/simulator";
import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { askModel } from "../harness/ask-model.js";
import type { FaultCase, Play, Told } from "./fault-case.js";
import { callsOf, type FaultGroup, playNamed } from "./fault-house.js";

const answered: Told = { status: 200, again: false };
const failed: Told = { status: 502, code: "upstream_error", again: true };
const limited: Told = { status: 429, code: "rate_limit_exceeded", again: true };

/** A limit that passes within a second, in every way in which a provider says when. */
const hints: readonly Pick<FaultCase, "name" | "wire" | "play">[] = [
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
    play: { kind: "rate_limit", hint: { seconds: 1, as: "epoch_ms" } },
  },
  {
    name: "as that reset in seconds since 1970",
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

const limits: readonly FaultCase[] = [
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
  ...hints.map(({ name, wire = "openrouter", play }): FaultCase => ({
    fault: "F1",
    name: `429 that says when, ${name}, is waited for`,
    wire,
    play,
    calls: [1],
    told: answered,
    paid: 2,
    // A reset in whole seconds may be nearly one second nearer than it was meant to be.
    waits: name.includes("seconds since 1970") && !name.includes("milli") ? 0 : 1_000,
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
    name: "429 with a wait that is longer than the time left is passed on at once",
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

const failures: readonly FaultCase[] = [
  ...[500, 503, 524, 529].map((status): FaultCase => ({
    fault: "F3",
    name: `${status} is repeated twice, then given up`,
    play: { kind: "status", status },
    told: failed,
    paid: 3,
    fallback: [3, 1],
  })),
  ...[500, 502, 503].map((status): FaultCase => ({
    fault: "F3",
    name: `${status} of Groq, and the second call answers`,
    wire: "groq",
    play: { kind: "status", status },
    calls: [1],
    told: answered,
    paid: 2,
  })),
  {
    fault: "F3",
    name: "502 of a provider behind OpenRouter, and the third call answers",
    play: { kind: "upstream_error", status: 502, raw: "object" },
    calls: [1, 2],
    told: answered,
    paid: 3,
  },
  {
    fault: "F3",
    name: "503 in words of availability, without a code",
    play: { kind: "unavailable", code: "temporarily_unavailable", retryAfterSeconds: 0 },
    told: failed,
    paid: 3,
  },
  {
    fault: "F3",
    name: "max_attempts 1 repeats nothing",
    play: { kind: "status", status: 500 },
    settings: { max_attempts: 1 },
    told: failed,
    paid: 1,
  },
  {
    fault: "F3",
    name: "498, the cheap tier is full: one more call, of the ordinary tier",
    wire: "groq",
    play: { kind: "status", status: 498 },
    body: { service_tier: "flex" },
    told: failed,
    paid: 2,
    fallback: [2, 1],
  },
  {
    fault: "F4",
    name: "502 with an HTML body",
    play: { kind: "html" },
    told: failed,
    paid: 3,
    streamed: failed,
  },
];

const noRepeat = (status: number, code: string): Told => ({ status, code, again: false });
const refusedKey = noRepeat(502, "provider_auth");
const noCredit = noRepeat(503, "provider_credit");
const unknownModel = noRepeat(404, "model_not_found");
const tooLong = noRepeat(400, "context_length_exceeded");
const rejected = noRepeat(400, "upstream_rejected");
const withheld: Told = { status: 200, text: "", finishReason: "content_filter" };

const final: readonly [name: string, wire: "openrouter" | "groq", play: Fault, told: Told, spare?: number][] =
  [
    ["400", "openrouter", { kind: "status", status: 400 }, rejected],
    ["400 of Groq", "groq", { kind: "status", status: 400 }, rejected],
    ["401 on our key", "openrouter", { kind: "status", status: 401 }, refusedKey, 1],
    ["401 on our key at Groq", "groq", { kind: "status", status: 401 }, refusedKey, 1],
    ["402", "openrouter", { kind: "status", status: 402 }, noCredit, 1],
    ["403 that is a missing permission", "openrouter", { kind: "status", status: 403 }, refusedKey, 1],
    ["403 of moderation is the member's refusal", "openrouter", { kind: "moderation" }, withheld],
    ["403 of a guardrail", "openrouter", { kind: "moderation", by: "guardrail" }, withheld],
    ["404", "openrouter", { kind: "status", status: 404 }, unknownModel, 1],
    [
      "404 of Groq",
      "groq",
      { kind: "status", status: 404, fields: { code: "model_not_found" } },
      unknownModel,
      1,
    ],
    [
      "400 that is no model",
      "openrouter",
      { kind: "status", status: 400, message: "acme/f5 is not a valid model ID" },
      unknownModel,
      1,
    ],
    ["404, no endpoints", "openrouter", { kind: "unavailable", code: "no_endpoints" }, unknownModel, 1],
    ["413", "openrouter", { kind: "status", status: 413 }, tooLong],
    ["413 of Groq, which calls it a rate limit", "groq", { kind: "status", status: 413 }, tooLong],
    ["a prompt that is too long", "openrouter", { kind: "context_length" }, tooLong],
    ["a prompt that is too long for Groq", "groq", { kind: "context_length" }, tooLong],
    ["422", "openrouter", { kind: "status", status: 422 }, rejected],
  ];

const refusals: readonly FaultCase[] = [
  ...final.map(([name, wire, play, told, spare]): FaultCase => ({
    fault: "F5",
    name: `${name}: one call`,
    wire,
    play,
    told,
    paid: 1,
    ...(spare !== undefined && { fallback: [1, spare] }),
  })),
  ...(["json_validate_failed", "tool_use_failed"] as const).map((code): FaultCase => ({
    fault: "F5",
    name: `400 ${code} of Groq is sampled once more`,
    wire: "groq",
    play: { kind: "failed_generation", code },
    told: { status: 400, code: "upstream_rejected", again: false },
    paid: 2,
  })),
  {
    fault: "F5",
    name: "422 of Groq is sampled once more, and answers",
    wire: "groq",
    play: { kind: "status", status: 422 },
    calls: [1],
    told: { status: 200 },
    paid: 2,
  },
];

/** F1 to F5: upstreams that refuse. */
export const statuses: FaultGroup = {
  name: "statuses",
  cases: [...limits, ...failures, ...refusals],
  more(house) {
    const ask = ({ provider, model }: Play) => askModel(house().synod.url, `${provider}/${model}`);

    it("F1: leaves a limited model alone until its limit has passed", async () => {
      const play = playNamed(house(), "429 with a wait that is longer than the time left", "unary");
      const answer = await ask(play);
      expect(answer).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
      expect(answer.retryAfter).toBeGreaterThan(10);
      expect(callsOf(house(), play.model)).toHaveLength(1);
    });

    it("F1: is `resource_exhausted` over gRPC, and names the wait", async () => {
      await using grpc = grpcClient(house().synod.grpcAddress);
      const { provider, model } = playNamed(
        house(),
        "429 with a wait that is longer than the time left",
        "unary",
      );
      const failure = await grpc.failure(`${provider}/${model}`);
      expect(failure).toMatchObject({ code: Code.ResourceExhausted, reason: "rate_limit_exceeded" });
      expect(failure.retryAfterMs).toBeGreaterThan(10_000);
      expect(callsOf(house(), model)).toHaveLength(1);
    });

    it("F3: asks the ordinary tier the second time", () => {
      const calls = callsOf(house(), playNamed(house(), "498", "unary").model);
      const tiers = calls.map(({ body }) => (body as { service_tier?: string }).service_tier);
      expect(tiers).toEqual(["flex", "on_demand"]);
    });

    it("F4: shows no HTML, neither to the caller nor in its log", async () => {
      const { raw } = await ask(playNamed(house(), "502 with an HTML body", "streamed"));
      expect(raw + house().synod.output()).not.toMatch(/<html|<script|alert\(1\)/i);
    });

    it.each([
      ["401 on our key:", 502],
      ["402:", 503],
      ["403 that is a missing permission:", 502],
    ])("F5: leaves the key alone, whatever the model, after %s", async (name, status) => {
      const play = playNamed(house(), name, "unary");
      const others = ["acme/another", "acme/third"];
      const answers = await Promise.all(others.map((model) => ask({ ...play, model })));
      expect(answers.map((answer) => answer.status)).toEqual([status, status]);
      expect([play.model, ...others].map((model) => callsOf(house(), model).length)).toEqual([1, 0, 0]);
    });

    it("F5: leaves no key alone after a refusal by moderation", async () => {
      const play = playNamed(house(), "403 of moderation", "unary");
      await ask(play);
      expect(callsOf(house(), play.model)).toHaveLength(2);
    });

    it("F5: is `not_found` and `failed_precondition` over gRPC", async () => {
      await using grpc = grpcClient(house().synod.grpcAddress);
      const codeOf = async (name: string): Promise<Code> => {
        const { provider, model } = playNamed(house(), name, "unary");
        const { code } = await grpc.failure(`${provider}/${model}`);
        expect(callsOf(house(), model)).toHaveLength(2);
        return code;
      };
      expect(await codeOf("404:")).toBe(Code.NotFound);
      expect(await codeOf("422:")).toBe(Code.FailedPrecondition);
    });

    it("shows nothing of a key", () => {
      expect(house().synod.output()).not.toMatch(/key-of-|canary/);
    });
  },
};
