import { eventually } from "@synod/testing";
import { FinishReason } from "@synod/contracts/model";
import { SynodError } from "@synod/rpc";
import type { Failure } from "@synod/consensus";
import type { Preset } from "@synod/settings";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, defaultPreset, startGateway } from "../testing/gateway.js";
import { hangs, says, textOf } from "../testing/script.js";

const path = "/v1/chat/completions";
const failure = (reason: Failure["reason"], more: Partial<Failure> = {}): Failure => ({
  reason,
  message: `This is ${reason}.`,
  retryable: true,
  ...more,
});
const synthesis: Preset = {
  ...defaultPreset,
  aggregation: { strategy: "synthesis", model: "sim/synthesiser" },
};

describe("a panel's whole answer", () => {
  it("has OpenAI's shape and the record of the run", async () => {
    await using house = await startGateway({
      script: { member: (model) => says(model === "sim/c" ? "41" : "42") },
    });
    const response = await house.post(path, ask());
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const used = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
      cost: 0.000001,
    };
    const member = (model: string, answer_key: string) => ({
      model,
      served_model: `${model}-served`,
      round: 1,
      sample: 1,
      status: "answered",
      answer_key,
      counted: true,
      abstention: null,
      usage: used,
      cost_usd: 0.000001,
      latency_ms: 12,
      first_token_ms: 4,
      finish_reason: "stop",
      truncated: false,
      influence: null,
      swings: false,
      hedge: null,
      error: null,
    });
    expect(await bodyOf(response)).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      created: expect.any(Number),
      model: "synod/default",
      system_fingerprint: expect.stringMatching(/^synod-[0-9a-f]{12}$/),
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "42", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: { ...used, prompt_tokens: 30, completion_tokens: 15, total_tokens: 45, cost: 0.000003 },
      consensus: {
        run_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        preset: "default",
        strategy: "majority",
        rounds: 1,
        simulated: true,
        agreement: expect.closeTo(2 / 3),
        confidence: null,
        validated: null,
        stopped: "complete",
        degraded: [],
        members: [member("sim/a", "42"), member("sim/b", "42"), member("sim/c", "41")],
        tie_broken: false,
        fields: null,
        format_problem: null,
        dissent: [{ answer_key: "41", models: ["sim/c"] }],
        judge: null,
        calls: { made: 3, saved: 0 },
        cost_usd: 0.000003,
      },
    });
    expect(house.ledger.paid).toBe(3);
  });

  it("F7: says of a member whose answer broke off that the part is paid for", async () => {
    const broken = { failure: failure("upstream_error", { retryable: false, paidPartial: true }) };
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/b" ? broken : says("42")) },
    });
    const { consensus } = await bodyOf(await house.post(path, ask()));
    expect(consensus.members[1]?.error).toEqual({
      code: "upstream_error",
      message: "This is upstream_error.",
      retryable: false,
      paid_partial: true,
    });
    expect(house.ledger.paid).toBe(3);
  });

  it("names a member that failed and goes on with the others", async () => {
    await using house = await startGateway({
      script: {
        member: (model) => (model === "sim/b" ? { failure: failure("upstream_error") } : says("42")),
      },
    });
    const { consensus } = await bodyOf(await house.post(path, ask()));
    expect(consensus.degraded).toEqual(["member_failed"]);
    expect(consensus.members[1]).toMatchObject({
      status: "failed",
      answer_key: null,
      usage: null,
      cost_usd: null,
      error: { code: "upstream_error", message: "This is upstream_error.", retryable: true },
    });
    expect(house.ledger.paid).toBe(3);
  });

  it("passes the request's sampling and conversation to every member", async () => {
    await using house = await startGateway();
    const messages = [
      { role: "system", content: "Be short." },
      {
        role: "user",
        content: [
          { type: "text", text: "Look:" },
          { type: "image_url", image_url: { url: "x" } },
        ],
      },
      { role: "assistant", content: "Yes?", refusal: null, annotations: [] },
      { role: "user", content: "What is it?", name: "ann" },
    ];
    const sampling = { temperature: 0.5, max_completion_tokens: 50, seed: 3, stop: "END", top_p: 0.9, n: 1 };
    const response = await house.post(
      path,
      ask({ messages, ...sampling, user: "ann", logprobs: false, tools: [] }),
    );
    expect(response.status).toBe(200);
    const [request] = house.ledger.rounds;
    expect(request?.members[1]?.sampling).toMatchObject({
      temperature: 0.5,
      maxOutputTokens: 50,
      seed: 3n,
      stop: ["END"],
      topP: 0.9,
    });
    expect(request?.messages.map(textOf)).toEqual([
      "Be short.",
      'Look:{"type":"image_url","image_url":{"url":"x"}}',
      "Yes?",
      "What is it?",
    ]);
    expect(request?.messages[3]?.name).toBe("ann");
  });

  it("changes the preset for this call, and only tightens its limits", async () => {
    await using house = await startGateway({
      script: { aggregate: (_, before) => says(`draft ${before + 1}`) },
    });
    const consensus = { rounds: { max: 2, stop_when: "never" }, aggregation: { strategy: "synthesis" } };
    const answer = await bodyOf(await house.post(path, ask({ consensus })));
    expect(answer.choices[0].message.content).toBe("draft 2");
    expect(answer.consensus).toMatchObject({ strategy: "synthesis", rounds: 2, calls: { made: 8 } });
    expect(house.ledger.paid).toBe(8);
    const refused = await house.post(path, ask({ consensus: { deadline_ms: 3_000_000 } }));
    expect(refused.status).toBe(400);
    expect((await bodyOf(refused)).error).toMatchObject({
      param: "consensus.deadline_ms",
      code: "invalid_value",
    });
    const unknown = await house.post(path, ask({ consensus: { base_url: "http://127.0.0.1/" } }));
    expect((await bodyOf(unknown)).error.param).toBe("consensus.base_url");
    expect(house.ledger.paid).toBe(8);
  });

  it("ends with length when the answer is cut", async () => {
    const reply = { pieces: ["It is forty-"], finishReason: FinishReason.LENGTH };
    await using house = await startGateway({ script: { member: () => reply } });
    const { choices, consensus } = await bodyOf(await house.post(path, ask({ max_tokens: 3 })));
    expect(choices[0].finish_reason).toBe("length");
    expect(consensus.members[0]).toMatchObject({ finish_reason: "length", truncated: true });
    expect(house.ledger.paid).toBe(3);
  });

  it("ends with content_filter when every member refuses", async () => {
    const reply = { finishReason: FinishReason.CONTENT_FILTER, refusal: "No." };
    await using house = await startGateway({ script: { member: () => reply } });
    const response = await house.post(path, ask());
    expect(response.status).toBe(200);
    const { choices } = await bodyOf(response);
    expect(choices[0]).toMatchObject({
      message: { content: null, refusal: "All 3 members refused to answer." },
      finish_reason: "content_filter",
    });
    expect(house.ledger.paid).toBe(3);
  });
});

describe("a panel without an answer", () => {
  const cases = [
    ["all_models_failed", 502, "upstream_error", failure("upstream_error"), "true", null],
    [
      "rate_limit_exceeded",
      429,
      "rate_limit_error",
      failure("rate_limit_exceeded", { retryAfterMs: 2_400 }),
      "true",
      "3",
    ],
    ["upstream_timeout", 504, "timeout", failure("upstream_timeout"), "true", null],
    [
      "all_models_failed",
      502,
      "upstream_error",
      failure("provider_auth", { retryable: false }),
      "false",
      null,
    ],
  ] as const;
  it.each(cases)("F56: is %s, %i", async (code, status, type, reason, shouldRetry, retryAfter) => {
    await using house = await startGateway({ script: { member: () => ({ failure: reason }) } });
    const response = await house.post(path, ask());
    expect(response.status).toBe(status);
    expect(response.headers.get("x-should-retry")).toBe(shouldRetry);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(response.headers.get("x-request-id")).not.toBeNull();
    const body = await bodyOf(response);
    expect(body.error).toEqual({ message: expect.any(String), type, param: null, code });
    expect(body.consensus.members.map((member) => member.error?.code)).toEqual([
      reason.reason,
      reason.reason,
      reason.reason,
    ]);
    expect(house.ledger.paid).toBe(3);
  });

  it("F57: is quorum_not_met, 503, and not to be tried again by itself once something was paid", async () => {
    await using house = await startGateway({
      script: {
        member: (model) => (model === "sim/a" ? says("42") : { failure: failure("upstream_error") }),
      },
    });
    const response = await house.post(path, ask());
    expect(response.status).toBe(503);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(response.headers.get("retry-after")).toBeNull();
    const { error, consensus } = await bodyOf(response);
    expect(error).toMatchObject({ type: "overloaded", code: "quorum_not_met" });
    expect(consensus.members.map((member) => member.status)).toEqual(["answered", "failed", "failed"]);
    expect(house.ledger.paid).toBe(3);
  });

  it("is judge_unavailable, 503, where the preset says so", async () => {
    const judge = { mode: "gate", models: ["sim/judge"], when_down: "fail" } as const;
    await using house = await startGateway({
      presets: { default: { ...defaultPreset, judge } },
      script: {
        judge: () => ({ error: new SynodError({ reason: "service_unavailable", message: "Down." }) }),
      },
    });
    const response = await house.post(path, ask());
    expect(response.status).toBe(503);
    expect((await bodyOf(response)).error.code).toBe("judge_unavailable");
  });

  it("is deadline_exceeded, 504, after the milliseconds of X-Synod-Deadline-Ms, and leaves every call", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const response = await house.post(path, ask(), { headers: { "x-synod-deadline-ms": "80" } });
    expect(response.status).toBe(504);
    expect((await bodyOf(response)).error).toMatchObject({ type: "timeout", code: "deadline_exceeded" });
    await eventually(() => house.ledger.aborted === 3);
    expect(house.ledger.paid).toBe(3);
  });

  it("is model_not_found, 404, for a panel that there is not", async () => {
    await using house = await startGateway();
    for (const model of ["synod/defualt", "synod/", "synod", "synod/__proto__"]) {
      const response = await house.post(path, ask({ model }));
      expect(response.status).toBe(404);
      expect((await bodyOf(response)).error).toMatchObject({ param: "model", code: "model_not_found" });
    }
    expect(house.ledger.paid).toBe(0);
  });
});

describe("F25: a caller who leaves a panel", () => {
  it("cancels every call, and is logged with 499", async () => {
    await using house = await startGateway({
      presets: { default: synthesis },
      script: { member: () => hangs },
    });
    const leaving = new AbortController();
    const asked = house.post(path, ask(), { signal: leaving.signal });
    await eventually(() => house.ledger.members === 3);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await eventually(() => house.ledger.aborted === 3, { what: "every member is left" });
    await eventually(() => house.log.some((line) => line["status"] === 499), { what: "the log says 499" });
    expect(house.log.find((line) => line["msg"] === "run cancelled")).toMatchObject({ outcome: "cancelled" });
    expect(house.ledger.paid).toBe(3);
  });
});
