import { FinishReason } from "@synod/contracts/model";
import type { CompletionEvent, ToolCallDelta } from "../codec.js";
import type { ProviderError } from "../provider-error.js";
import { extraOfAnswer, extraOfMessage, tellsOfAnswer } from "./extra-fields.js";
import { asList, asObject, asText, type JsonObject } from "./json.js";
import { readUsage } from "./usage.js";

/** Reads an error that stands inside an answer. `json` is what holds `error`, `error` is its value. */
export type InBandError = (error: unknown, json: JsonObject) => ProviderError;

/** The providers' words for the end of an answer. Others are the end as well, of an unknown kind. */
const finishReasons = new Map<string, FinishReason>([
  ["stop", FinishReason.STOP],
  ["end_turn", FinishReason.STOP],
  ["eos", FinishReason.STOP],
  ["stop_sequence", FinishReason.STOP],
  ["length", FinishReason.LENGTH],
  ["max_tokens", FinishReason.LENGTH],
  ["tool_calls", FinishReason.TOOL_CALLS],
  ["tool_use", FinishReason.TOOL_CALLS],
  ["function_call", FinishReason.TOOL_CALLS],
  ["content_filter", FinishReason.CONTENT_FILTER],
]);

/** More than any provider's word for the end of an answer. */
const longestWord = 64;

/**
 * Reads a chunk of a stream, or a whole answer, which is a chunk whose choice holds a `message`; of a chat or of a text
 * completion, whose choice holds a `text`.
 *
 * Only the first choice with index 0 counts. An empty `finish_reason` is none. The provider's own word for the end is
 * `native_finish_reason` where there is one.
 *
 * @param spareUsage where the usage is when it is not in `usage`.
 */
export function decodeAnswer(
  json: unknown,
  inBandError: InBandError,
  spareUsage?: unknown,
): readonly CompletionEvent[] {
  const chunk = asObject(json);
  if (chunk === undefined) return [];
  const choice = firstChoice(chunk["choices"]);
  const finish = asText(choice?.["finish_reason"]);
  const error = [chunk["error"], choice?.["error"]].find(isError);
  const hasFailed = error !== undefined || finish === "error";

  // What stands beside an error was written all the same, and is paid for.
  const events: CompletionEvent[] = [];
  const said = asObject(choice?.["delta"]) ?? asObject(choice?.["message"]) ?? { content: choice?.["text"] };
  readSaid(said, events);
  if (finish !== "" && !hasFailed) {
    const reason = finishReasons.get(finish.toLowerCase()) ?? FinishReason.UNSPECIFIED;
    const raw = asText(choice?.["native_finish_reason"]) || finish;
    events.push({ type: "finished", reason, raw: raw.slice(0, longestWord) });
  }
  const usage = readUsage(chunk["usage"]) ?? readUsage(spareUsage);
  if (usage !== null) events.push({ type: "usage", usage });
  if (hasFailed) return [...events, { type: "failed", error: inBandError(error, chunk) }];
  // Every chunk repeats who answers; the last ones are enough.
  if (finish !== "" || usage !== null || tellsOfAnswer(chunk)) {
    events.push({
      type: "served",
      completionId: asText(chunk["id"]),
      model: asText(chunk["model"]),
      fingerprint: asText(chunk["system_fingerprint"]),
      extra: extraOfAnswer(chunk),
    });
  }
  return events;
}

function isError(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || (typeof value === "string" && value !== "");
}

function firstChoice(choices: unknown): JsonObject | undefined {
  for (const choice of asList(choices)) {
    const object = asObject(choice);
    if (object !== undefined && (object["index"] ?? 0) === 0) return object;
  }
  return undefined;
}

function readSaid(said: JsonObject, events: CompletionEvent[]): void {
  const text = textOf(said["content"]);
  if (text !== "") events.push({ type: "text", text });
  const reasoning = asText(said["reasoning"]) || asText(said["reasoning_content"]);
  if (reasoning !== "") events.push({ type: "reasoning", text: reasoning });
  const refusal = asText(said["refusal"]);
  if (refusal !== "") events.push({ type: "refusal", text: refusal });
  const calls = asList(said["tool_calls"]);
  if (calls.length > 0) events.push({ type: "tool_calls", calls: calls.flatMap(readToolCall) });
  const fields = extraOfMessage(said);
  if (fields !== undefined) events.push({ type: "extra", fields });
}

/** Content is a text, or with some servers a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return asList(content)
    .map((part) => asText(asObject(part)?.["text"]))
    .join("");
}

function readToolCall(value: unknown, place: number): readonly ToolCallDelta[] {
  const call = asObject(value);
  if (call === undefined) return [];
  const called = asObject(call["function"]);
  const written = called?.["arguments"];
  return [
    {
      index: Number.isSafeInteger(call["index"]) ? Number(call["index"]) : place,
      id: asText(call["id"]).slice(0, 256),
      name: asText(called?.["name"]).slice(0, 256),
      // Some servers send the arguments as a value.
      arguments: typeof written === "string" ? written : written == null ? "" : JSON.stringify(written),
    },
  ];
}
