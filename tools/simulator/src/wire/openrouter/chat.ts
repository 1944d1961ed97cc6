import type { Draft, Pace } from "../draft.js";
import { FINGERPRINT, PROVIDER_NAME } from "../fingerprint.js";
import type { Plan } from "../plan.js";
import type { StreamError } from "../dialect.js";
import { streamSteps, unarySteps } from "../stream-steps.js";
import { openrouterMetadata, openrouterUsage } from "./usage.js";

/** The comment that OpenRouter sends so that the connection stays alive. */
export const PROCESSING = "OPENROUTER PROCESSING";

/** The body of a whole chat completion. */
export function chatBody(draft: Draft): Record<string, unknown> {
  const choice = {
    index: 0,
    message: {
      role: "assistant",
      content: draft.tokens?.join("") ?? null,
      refusal: draft.refusal,
      ...(draft.reasoning.length > 0 ? { reasoning: draft.reasoning.join("") } : {}),
      ...(draft.toolCalls.length > 0 ? { tool_calls: toolCalls(draft) } : {}),
    },
    finish_reason: draft.finishReason,
    native_finish_reason: draft.finishReason,
    logprobs: null,
  };
  const usage = openrouterUsage(draft);
  return {
    id: draft.id,
    provider: PROVIDER_NAME,
    model: draft.model,
    object: "chat.completion",
    created: draft.created,
    choices: repeated(draft, choice),
    system_fingerprint: FINGERPRINT,
    ...(usage === undefined ? {} : { usage }),
    ...openrouterMetadata(draft),
  };
}

/** A whole chat completion. */
export function chatUnary(draft: Draft, waitMs: number): Plan {
  const steps = unarySteps(draft, waitMs, JSON.stringify(chatBody(draft)));
  return { status: 200, headers: completionHeaders(draft, "application/json"), steps, failed: false };
}

/** A streamed chat completion. */
export function chatStream(draft: Draft, pace: Pace): Plan {
  // One token's chunk differs from the next in its text alone, so the rest is made once.
  const before = `${head(draft)},"choices":[`;
  const opening = `{"index":0,"delta":{"role":"assistant","content":`;
  const closing = `},"finish_reason":null,"native_finish_reason":null,"logprobs":null}`;
  const content = (token: string) => {
    const choice = `${opening}${JSON.stringify(token)}${closing}`;
    return `${before}${draft.choices === "twice" ? `${choice},${choice}` : choice}]}`;
  };
  const none = draft.choices === "none";
  const shape = { keepAlive: PROCESSING, lead: lead(draft), content, end: end(draft) };
  return {
    status: 200,
    headers: completionHeaders(draft, "text/event-stream"),
    steps: streamSteps(none ? { ...draft, tokens: [] } : draft, pace, shape),
    failed: false,
  };
}

/** An event with an error in the middle of a stream. */
export function chatStreamError(draft: Draft, error: StreamError): string {
  const { code, message } = error;
  const wire = {
    code,
    message,
    metadata: { error_type: typeof code === "number" && code === 429 ? "rate_limit_exceeded" : "server" },
  };
  if (error.shape === "bare") return JSON.stringify({ error: wire });
  const choices =
    error.shape === "no_choices"
      ? []
      : [
          {
            index: 0,
            delta: { content: "" },
            finish_reason: error.finishReason,
            native_finish_reason: error.finishReason,
          },
        ];
  return `${head(draft)},"error":${JSON.stringify(wire)},"choices":${JSON.stringify(choices)}}`;
}

/** Headers of every completion. */
export function completionHeaders(draft: Draft, contentType: string): Record<string, string> {
  return {
    "content-type": contentType,
    ...(contentType === "text/event-stream" ? { "cache-control": "no-cache" } : {}),
    "x-generation-id": draft.id,
    ...draft.headers,
  };
}

function lead(draft: Draft): string[] {
  if (draft.choices === "none") return [chunk(draft, [])];
  const deltas = [
    ...draft.reasoning.map((reasoning) => ({ role: "assistant", content: "", reasoning })),
    ...(draft.refusal === null ? [] : [{ role: "assistant", content: null, refusal: draft.refusal }]),
    ...(draft.tokens === null && draft.refusal === null ? [{ role: "assistant", content: null }] : []),
    ...(draft.toolCalls.length > 0
      ? [
          {
            role: "assistant",
            content: null,
            tool_calls: toolCalls(draft).map((call, index) => ({ index, ...call })),
          },
        ]
      : []),
  ];
  return deltas.map((delta) => chunk(draft, [streamChoice(delta, null)]));
}

function end(draft: Draft) {
  const usage = openrouterUsage(draft);
  const metadata = openrouterMetadata(draft);
  const inFinish = draft.usagePlace === "finish_chunk";
  const last = streamChoice({ content: "" }, draft.finishReason);
  const events =
    draft.choices === "none"
      ? []
      : [
          {
            json: chunk(draft, repeated(draft, last), inFinish ? { usage, ...metadata } : {}),
            part: "finish" as const,
          },
        ];
  if (inFinish || usage === undefined) return events;
  const choices = draft.usagePlace === "repeated_choice" ? [last] : [];
  return [...events, { json: chunk(draft, choices, { usage, ...metadata }), part: "usage" as const }];
}

function streamChoice(delta: object, finishReason: string | null): object {
  return { index: 0, delta, finish_reason: finishReason, native_finish_reason: finishReason, logprobs: null };
}

function chunk(draft: Draft, choices: readonly object[], more: object = {}): string {
  const rest = JSON.stringify({ choices, ...more });
  return `${head(draft)},${rest.slice(1)}`;
}

/** A chunk's beginning, an open JSON object. */
function head(draft: Draft): string {
  const fields = {
    id: draft.id,
    provider: PROVIDER_NAME,
    model: draft.model,
    object: "chat.completion.chunk",
    created: draft.created,
    system_fingerprint: FINGERPRINT,
  };
  return JSON.stringify(fields).slice(0, -1);
}

function repeated<Choice>(draft: Draft, choice: Choice): Choice[] {
  if (draft.choices === "none") return [];
  return draft.choices === "twice" ? [choice, choice] : [choice];
}

function toolCalls(draft: Draft) {
  return draft.toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: "function",
    function: { name, arguments: text },
  }));
}
