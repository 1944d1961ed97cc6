import type {
  AnswerFormat,
  Completion,
  Failure,
  FailureReason,
  Finding,
  Judgement,
  JudgeVote,
  MemberSpec,
  Message,
  Outcome,
  ResponseFormat,
  Role,
  RunResult,
  RunSpec,
  RunStop,
  Sampling,
  Usage,
  Verdict,
} from "@synod/consensus";
import * as fc from "fast-check";

export const text = fc.string({ unit: "binary", maxLength: 40 });
export const word = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 });
export const uint32 = fc.nat({ max: 0xffff_ffff });
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
export const milliseconds = fc.nat({ max: 1e12 });
const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const weight = fc.double({ min: Number.MIN_VALUE, max: 1e6, noNaN: true });
export const voter = fc.record({ member: fc.nat(15), sample: fc.integer({ min: 1, max: 10 }) });

export function oneOf<Word extends string>(words: Record<Word, true>): fc.Arbitrary<Word> {
  return fc.constantFrom(...(Object.keys(words) as Word[]));
}

export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const toolCall = fc.record({ id: text, name: text, argumentsJson: text });
const message: fc.Arbitrary<Message> = fc.record(
  {
    role: oneOf<Role>({ system: true, developer: true, user: true, assistant: true, tool: true }),
    parts: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant("text" as const), text }),
        fc.record({ type: fc.constant("other" as const), json: text }),
      ),
      { maxLength: 3 },
    ),
    name: word,
    toolCalls: fc.array(toolCall, { minLength: 1, maxLength: 2 }),
    toolCallId: word,
    reasoning: word,
    extraJson: word,
  },
  { requiredKeys: ["role", "parts"] },
);
export const messages = fc.array(message, { maxLength: 3 });
const responseFormat: fc.Arbitrary<ResponseFormat> = fc.oneof(
  fc.record({ type: fc.constantFrom("text" as const, "json_object" as const) }),
  fc.record(
    {
      type: fc.constant("json_schema" as const),
      name: text,
      description: word,
      schemaJson: text,
      strict: fc.boolean(),
    },
    { requiredKeys: ["type", "name", "schemaJson", "strict"] },
  ),
);
const sampling: fc.Arbitrary<Sampling> = fc.record(
  {
    maxOutputTokens: uint32,
    temperature: ratio,
    topP: ratio,
    seed: fc.maxSafeInteger(),
    stop: fc.array(text, { minLength: 1, maxLength: 4 }),
    frequencyPenalty: ratio,
    presencePenalty: ratio,
    responseFormat,
  },
  { requiredKeys: [] },
);
export const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  outputTokens: count,
  cachedInputTokens: count,
  reasoningTokens: count,
  costUsdNanos: optional(count),
  estimated: fc.boolean(),
});
export const spent = fc.record({ usage, attempts: fc.integer({ min: 1, max: 9 }) });
const reason = oneOf<FailureReason>({
  invalid_value: true,
  invalid_api_key: true,
  model_not_found: true,
  request_too_large: true,
  context_length_exceeded: true,
  rate_limit_exceeded: true,
  provider_auth: true,
  provider_credit: true,
  provider_unreachable: true,
  provider_not_configured: true,
  upstream_error: true,
  upstream_timeout: true,
  invalid_upstream_response: true,
  upstream_rejected: true,
  refused: true,
  empty_answer: true,
  all_models_failed: true,
  quorum_not_met: true,
  aggregator_unavailable: true,
  judge_unavailable: true,
  deadline_exceeded: true,
  canceled: true,
  overloaded: true,
  inner_token: true,
  internal: true,
  service_unavailable: true,
  storage_unavailable: true,
  run_not_found: true,
  run_cancelled: true,
  data_loss: true,
  budget_exceeded: true,
  idempotency_in_progress: true,
  idempotency_key_reused: true,
});
export const failure: fc.Arbitrary<Failure> = fc.record(
  {
    reason,
    message: text,
    retryable: fc.boolean(),
    retryAfterMs: count,
    paidPartial: fc.constant(true as const),
  },
  { requiredKeys: ["reason", "message", "retryable"] },
);
export const completion: fc.Arbitrary<Completion> = fc.record({
  text,
  toolCalls: fc.array(toolCall, { maxLength: 2 }),
  refusal: text,
  finishReason: oneOf<Completion["finishReason"]>({
    stop: true,
    length: true,
    tool_calls: true,
    content_filter: true,
    unknown: true,
  }),
  rawFinishReason: text,
  model: text,
  servedModel: text,
  usage,
  latencyMs: milliseconds,
  firstTokenMs: milliseconds,
  attempts: uint32,
});
const member: fc.Arbitrary<MemberSpec> = fc.record(
  {
    model: text,
    sampling,
    weight,
    accuracy: ratio,
    samples: uint32,
    fallbacks: fc.array(text, { maxLength: 2 }),
    family: text,
  },
  { requiredKeys: ["model", "sampling", "weight", "samples", "fallbacks", "family"] },
);
export const spec: fc.Arbitrary<RunSpec> = fc.record({
  preset: text,
  members: fc.array(member, { maxLength: 3 }),
  quorum: uint32,
  graceMs: milliseconds,
  deadlineMs: milliseconds,
  stopEarly: oneOf<RunSpec["stopEarly"]>({ off: true, lossless: true, confident: true }),
  stopConfidence: ratio,
  askFirst: fc.integer({ min: 1, max: 16 }),
  hedgeAfterMs: fc.oneof(milliseconds, fc.constantFrom("p95" as const, null)),
  answerFormat: oneOf<AnswerFormat>({
    auto: true,
    number: true,
    choice: true,
    boolean: true,
    json: true,
    exact: true,
    text: true,
  }),
  rounds: fc.record({ max: uint32, stopWhen: fc.constantFrom("stable" as const, "never" as const) }),
  improvementPrompt: text,
  aggregatedPromptType: oneOf<RunSpec["aggregatedPromptType"]>({ system: true, user: true, assistant: true }),
  aggregation: fc.record(
    {
      strategy: oneOf<RunSpec["aggregation"]["strategy"]>({
        concatenate: true,
        majority: true,
        synthesis: true,
        weighted: true,
        fields: true,
        tool_calls: true,
        analysis: true,
        most_consistent: true,
        best_of: true,
        ranked: true,
        layered: true,
      }),
      model: text,
      sampling,
      context: messages,
      prompt: messages,
      when: fc.constantFrom("always" as const, "disagree" as const),
      layers: fc.integer({ min: 1, max: 6 }),
    },
    { requiredKeys: ["strategy", "model", "sampling", "context", "prompt", "when"] },
  ),
  judge: fc.record({
    mode: oneOf<RunSpec["judge"]["mode"]>({ off: true, annotate: true, gate: true }),
    models: fc.array(text, { maxLength: 3 }),
    votesNeeded: uint32,
    maxRegenerations: uint32,
    regenerate: fc.constantFrom("round" as const, "aggregate" as const),
    whenDown: fc.constantFrom("answer" as const, "fail" as const),
  }),
  budget: fc.record({ maxCostUsdNanos: count, maxOutputTokens: count }, { requiredKeys: [] }),
  seed: uint32,
  simulated: fc.boolean(),
});
export const asked: fc.Arbitrary<Pick<RunSpec, "responseFormat" | "toolsJson" | "simulatedModels">> =
  fc.record(
    { responseFormat, toolsJson: word, simulatedModels: fc.array(text, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: [] },
  );
export const outcome: fc.Arbitrary<Outcome> = fc.record(
  {
    text,
    answerKey: text,
    agreement: optional(ratio),
    votes: fc.array(fc.record({ voter, answerKey: text, counted: fc.boolean(), weight }), { maxLength: 3 }),
    promptVersion: text,
    aggregatorUnavailable: fc.boolean(),
    toolCalls: fc.array(toolCall, { minLength: 1, maxLength: 2 }),
    fields: fc.array(fc.record({ path: text, agreement: ratio, support: uint32, voters: uint32 }), {
      minLength: 1,
      maxLength: 2,
    }),
    contributions: fc.array(fc.record({ voter, influence: optional(ratio), swings: fc.boolean() }), {
      minLength: 1,
      maxLength: 2,
    }),
    tieBroken: fc.constant(true),
    formatProblem: word,
  },
  {
    requiredKeys: ["text", "answerKey", "agreement", "votes", "promptVersion", "aggregatorUnavailable"],
  },
);
const finding: fc.Arbitrary<Finding> = fc.record({
  quote: text,
  problem: text,
  severity: oneOf<Finding["severity"]>({ minor: true, major: true, critical: true }),
});
const findings = fc.array(finding, { maxLength: 2 });
const judgement: fc.Arbitrary<Judgement> = fc.record({
  verdict: oneOf<Judgement["verdict"]>({ right: true, wrong: true, unsure: true }),
  findings,
  confidence: optional(ratio),
});
const judgeVote: fc.Arbitrary<JudgeVote> = fc.record({
  model: text,
  judgement: optional(judgement),
  failure: optional(failure),
  calls: fc.array(fc.record({ usage: optional(usage), latencyMs: milliseconds }), { maxLength: 2 }),
});
export const verdict: fc.Arbitrary<Verdict> = fc.record({
  kind: oneOf<Verdict["kind"]>({ right: true, wrong: true, unsure: true, none: true }),
  findings,
  votes: fc.array(judgeVote, { maxLength: 2 }),
  promptVersion: text,
});
export const result: fc.Arbitrary<RunResult> = fc.oneof(
  fc.record(
    {
      status: fc.constant("completed" as const),
      answer: text,
      toolCalls: fc.array(toolCall, { minLength: 1, maxLength: 2 }),
      stopped: oneOf<RunStop>({
        complete: true,
        lossless: true,
        confident: true,
        quorum: true,
        stable: true,
        agreed: true,
        accepted: true,
        max_rounds: true,
        max_regenerations: true,
        deadline: true,
        budget: true,
      }),
    },
    { requiredKeys: ["status", "answer", "stopped"] },
  ),
  fc.record({ status: fc.constant("failed" as const), failure }),
  fc.record({ status: fc.constant("cancelled" as const), failure }),
);
