import type { Fault } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, type ConsensusJson, post, question, textOf } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

interface Failed {
  readonly error: { readonly message: string; readonly type: string; readonly code: string };
  readonly consensus: ConsensusJson;
}

/** How a member is broken, and what its run says of it. A call that was cut may have been paid: that is assumed. */
const broken: readonly [string, Fault, { status: string; stopped: string; degraded: readonly string[] }][] = [
  [
    "answers 500",
    { kind: "status", status: 500 },
    { status: "failed", stopped: "complete", degraded: ["member_failed"] },
  ],
  ["hangs before a byte", { kind: "hang" }, { status: "cancelled", stopped: "quorum", degraded: [] }],
  [
    "hangs in its stream",
    { kind: "hang", afterTokens: 1 },
    { status: "cancelled", stopped: "quorum", degraded: [] },
  ],
  [
    "cuts its stream",
    { kind: "reset", afterTokens: 1 },
    { status: "failed", stopped: "complete", degraded: ["member_failed"] },
  ],
  [
    "ends its stream without an end",
    { kind: "end_early", afterTokens: 1 },
    { status: "failed", stopped: "complete", degraded: ["member_failed"] },
  ],
];

// What the provider gateway does against a failure has a suite of its own.
const onceEach = { max_attempts: 1, breaker_failures: 1_000 };
/** What a call costs that is stopped is known where the most that it may write is. */
const seats = [`openrouter/${members.gemini}`, `groq/${members.llama}`, `openrouter/${members.mistral}`].map(
  (model) => ({ model, max_tokens: 500 }),
);
const config = {
  ...panel({ grace_ms: 200, members: seats }),
  providers: { openrouter: onceEach, groq: onceEach },
};

describe.each(deployments)("when members fail, $name", (kind) => {
  let upstream: Upstream;
  let synod: Deployment;
  const completions = (): string => `${synod.url}/v1/chat/completions`;

  beforeAll(async () => {
    upstream = await startUpstream();
    synod = await startDeployment(kind, { env: upstream.env, config });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await upstream[Symbol.asyncDispose]();
  });

  it.each(broken)("goes on with two of three when one %s, and says so", async (_, fault, outcome) => {
    upstream.script([says(members.gemini, "7"), says(members.llama, "7"), fails(members.mistral, fault)]);
    const answer = await post(completions(), question("Which number?"));
    expect(answer.status).toBe(200);
    const { consensus } = answer.json<CompletionJson>();
    expect(textOf(answer.json<CompletionJson>())).toBe("7");
    const { status, ...run } = outcome;
    expect(consensus).toMatchObject({ ...run, calls: { made: 3, saved: 0 } });
    expect(consensus.cost_usd).toBeGreaterThan(0);
    expect(consensus.members.map((member) => member.status)).toEqual(["answered", "answered", status]);
    expect(upstream.calls()).toHaveLength(3);
    await until("nothing is left open", () => upstream.simulator.control.stats().inFlight === 0, 1_000);
  });

  it("F56: says why when all fail", async () => {
    upstream.script([fails("*", { kind: "status", status: 503 })]);
    const answer = await post(completions(), question("Which number?"));
    expect(answer.status).toBe(502);
    const { error, consensus } = answer.json<Failed>();
    expect(error).toMatchObject({ type: "upstream_error", code: "all_models_failed" });
    expect(consensus.members.map((member) => member.error?.code)).toEqual(Array(3).fill("upstream_error"));
    expect(answer.headers["x-should-retry"]).toBe("true");
    expect(upstream.calls()).toHaveLength(3);
  });

  it("does not ask to be asked again when all were cut while they wrote: that is paid for", async () => {
    upstream.script([fails("*", { kind: "reset", afterTokens: 3 })]);
    const answer = await post(completions(), question("Which number?"));
    expect(answer.status).toBe(502);
    const { consensus } = answer.json<Failed>();
    expect(consensus).toMatchObject({ calls: { made: 3 }, degraded: ["member_failed"] });
    expect(consensus.cost_usd).toBeGreaterThan(0);
    expect(answer.headers["x-should-retry"]).toBe("false");
    expect(upstream.calls()).toHaveLength(3);
  });

  it("F56: passes a limit on when all are limited", async () => {
    upstream.script([fails("*", { kind: "rate_limit", hint: { seconds: 7 } })]);
    const answer = await post(completions(), question("Which number?"));
    expect(answer.status).toBe(429);
    expect(answer.json<Failed>().error).toMatchObject({
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
    });
    expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(7);
    expect(upstream.calls()).toHaveLength(3);
  });

  it("F57: says when too few answered", async () => {
    const down: Fault = { kind: "status", status: 500 };
    upstream.script([says(members.gemini, "7"), fails(members.llama, down), fails(members.mistral, down)]);
    const answer = await post(completions(), question("Which number?"));
    expect(answer.status).toBe(503);
    expect(answer.json<Failed>().error).toMatchObject({ type: "overloaded", code: "quorum_not_met" });
    expect(upstream.calls()).toHaveLength(3);
  });

  it("F19: answers with the refusal when all refuse", async () => {
    upstream.script([fails("*", { kind: "no_content", as: "refused" })]);
    const answer = await post(completions(), question("Which number?"));
    expect(answer.status).toBe(200);
    expect(answer.json<CompletionJson>().choices[0]?.finish_reason).toBe("content_filter");
    expect(upstream.calls()).toHaveLength(3);
  });

  it("F58: invents no consensus when all disagree", async () => {
    upstream.script([says(members.gemini, "1"), says(members.llama, "2"), says(members.mistral, "3")]);
    const answer = await post(completions(), question("Which number?"));
    expect(answer.status).toBe(200);
    const { consensus } = answer.json<CompletionJson>();
    expect(consensus.agreement).toBeCloseTo(1 / 3);
    expect(consensus.dissent).toHaveLength(2);
    expect(upstream.calls()).toHaveLength(3);
  });

  it.each(["unary", "streamed"])(
    "F25: closes every upstream call within a second when a caller leaves (%s)",
    async (how) => {
      upstream.script([fails("*", { kind: "hang", afterTokens: 1 })]);
      const caller = new AbortController();
      const asked = post(
        completions(),
        { ...question("Which number?"), stream: how === "streamed" },
        { signal: caller.signal },
      );
      const left = expect(asked).rejects.toThrow();
      await until("all three are asked", () => upstream.simulator.control.stats().inFlight === 3);
      caller.abort();
      await left;
      await until("all three are closed", () => upstream.simulator.control.stats().inFlight === 0, 1_000);
      expect(upstream.calls().map((call) => call.state)).toEqual(["aborted", "aborted", "aborted"]);
    },
  );
});
