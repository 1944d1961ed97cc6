import type { StreamError } from "../dialect.js";
import type { Draft, Pace } from "../draft.js";
import { FINGERPRINT } from "../fingerprint.js";
import type { Plan } from "../plan.js";
import { streamSteps, unarySteps } from "../stream-steps.js";
import { groqUsage } from "./usage.js";

/** The body of a whole chat completion. A message with tool calls has no `content`. */
export function groqBody(draft: Draft): Record<string, unknown> {
  const choice = {
    index: 0,
    message: {
      role: "assistant",
      ...(draft.toolCalls.length > 0 ? {} : { content: draft.tokens?.join("") ?? null }),
      ...(draft.reasoning.length > 0 ? { reasoning: draft.reasoning.join("") } : {}),
      ...(draft.refusal === null ? {} : { refusal: draft.refusal }),
      ...(draft.toolCalls.length > 0 ? { tool_calls: toolCalls(draft) } : {}),
    },
    logprobs: null,
    finish_reason: draft.finishReason,
  };
  const usage = groqUsage(draft);
  return {
    id: draft.id,
    object: "chat.completion",
    created: draft.created,
    model: draft.model,
    choices: repeated(draft, choice),
    ...(usage === undefined ? {} : { usage }),
    usage_breakdown: null,
    system_fingerprint: FINGERPRINT,
    x_groq: { id: requestId(draft), seed: draft.seed },
    service_tier: "on_demand",
  };
}

/** A whole chat completion. */
export function groqUnary(draft: Draft, waitMs: number): Plan {
  const steps = unarySteps(draft, waitMs, JSON.stringify(groqBody(draft)));
  return { status: 200, headers: groqHeaders(draft, "application/json"), steps, failed: false };
}

/** A streamed chat completion: usage is in the chunk with the finish reason, and nothing is sent before the first. */
export function groqStream(draft: Draft, pace: Pace): Plan {
  const before = `${head(draft)},"choices":[`;
  const opening = `{"index":0,"delta":{"content":`;
  const closing = `},"logprobs":null,"finish_reason":null}`;
  const content = (token: string) => {
    const choice = `${opening}${JSON.stringify(token)}${closing}`;
    return `${before}${draft.choices === "twice" ? `${choice},${choice}` : choice}]}`;
  };
  const none = draft.choices === "none";
  return {
    status: 200,
    headers: groqHeaders(draft, "text/event-stream"),
    steps: streamSteps(none ? { ...draft, tokens: [] } : draft, pace, {
      lead: lead(draft),
      content,
      end: end(draft),
    }),
    failed: false,
  };
}

/** An event with an error in the middle of a stream. */
export function groqStreamError(draft: Draft, error: StreamError): string {
  const wire = { message: error.message, type: "server_error", code: error.code };
  switch (error.shape) {
    case "bare":
      return JSON.stringify({ error: wire });
    case "x_groq":
      return chunk(draft, [streamChoice({}, error.finishReason)], {
        x_groq: { id: requestId(draft), error: error.message },
      });
    case "no_choices":
      return chunk(draft, [], { error: wire });
    case "choice":
      return chunk(draft, [streamChoice({ content: "" }, error.finishReason)], { error: wire });
  }
}

function groqHeaders(draft: Draft, contentType: string): Record<string, string> {
  return {
    "content-type": contentType,
    ...(contentType === "text/event-stream" ? { "cache-control": "no-cache" } : {}),
    "x-request-id": requestId(draft),
    ...draft.headers,
  };
}

/** `req_01…`, derived from the completion's own id, so that header and body agree. */
function requestId(draft: Draft): string {
  return `req_01${draft.id
    .replace(/^chatcmpl-/, "")
    .replaceAll("-", "")
    .slice(0, 24)}`;
}

function lead(draft: Draft): string[] {
  const xGroq = { x_groq: { id: requestId(draft), seed: draft.seed } };
  if (draft.choices === "none") return [chunk(draft, [], xGroq)];
  const empty = draft.toolCalls.length > 0 || draft.tokens === null ? null : "";
  return [
    chunk(draft, [streamChoice({ role: "assistant", content: empty }, null)], xGroq),
    ...draft.reasoning.map((reasoning) => chunk(draft, [streamChoice({ reasoning }, null)])),
    ...(draft.refusal === null ? [] : [chunk(draft, [streamChoice({ refusal: draft.refusal }, null)])]),
    ...(draft.toolCalls.length === 0
      ? []
      : [
          chunk(draft, [
            streamChoice({ tool_calls: toolCalls(draft).map((call, index) => ({ index, ...call })) }, null),
          ]),
        ]),
  ];
}

function end(draft: Draft) {
  const usage = groqUsage(draft);
  const id = requestId(draft);
  const last = streamChoice({}, draft.finishReason);
  const own = draft.usagePlace === "own_chunk" || draft.usagePlace === "repeated_choice";
  const both = usage === undefined ? { x_groq: { id } } : { x_groq: { id, usage }, usage };
  const events =
    draft.choices === "none"
      ? []
      : [
          {
            json: chunk(draft, repeated(draft, last), own ? { x_groq: { id } } : both),
            part: "finish" as const,
          },
        ];
  if (!own || usage === undefined) return events;
  const choices = draft.usagePlace === "repeated_choice" ? [last] : [];
  return [...events, { json: chunk(draft, choices, both), part: "usage" as const }];
}

function streamChoice(delta: object, finishReason: string | null): object {
  return { index: 0, delta, logprobs: null, finish_reason: finishReason };
}

function chunk(draft: Draft, choices: readonly object[], more: object = {}): string {
  const rest = JSON.stringify({ choices, ...more });
  return `${head(draft)},${rest.slice(1)}`;
}

/** A chunk's beginning, an open JSON object. */
function head(draft: Draft): string {
  const fields = {
    id: draft.id,
    object: "chat.completion.chunk",
    created: draft.created,
    model: draft.model,
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
