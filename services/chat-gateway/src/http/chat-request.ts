import type { ResponseFormat, Sampling } from "@synod/consensus";
import { invalid } from "../failure.js";
import { isPanel, type Question } from "../question.js";
import { conversationOf } from "./body-messages.js";
import { type ChatBody, chatBody } from "./chat-body.js";
import { checkPanelFields, extraJsonOf } from "./fields.js";
import { firstMistake } from "./issues.js";

/** A chat completion that is wanted. */
export interface ChatRequest {
  readonly question: Question;
  readonly stream: boolean;
}

/** What the request is read with. */
export interface ChatRequestOptions {
  /** The most messages, 1 or more. */
  readonly maxMessages: number;
  /** Milliseconds that the caller is ready to wait, from its header. */
  readonly deadlineMs: number | undefined;
}

/**
 * Reads a chat completion's body.
 *
 * @throws SynodError `invalid_value` with the path of the first field that is wrong, or that cannot be honoured.
 */
export function readChatRequest(json: unknown, options: ChatRequestOptions): ChatRequest {
  // The schema would drop it without a word.
  if (typeof json === "object" && json !== null && Object.hasOwn(json, "__proto__")) {
    throw invalid("__proto__", "__proto__ is not a field.");
  }
  const parsed = chatBody.safeParse(json);
  if (!parsed.success) {
    const { param, message } = firstMistake(parsed.error.issues);
    throw invalid(param, param === "" ? message : `${param} ${message}.`);
  }
  const body = parsed.data;
  if (body.messages.length > options.maxMessages) {
    throw invalid("messages", `messages must have at most ${options.maxMessages} entries.`);
  }
  if (body.n != null && body.n !== 1)
    throw invalid("n", "n other than 1 is not available. Ask again instead.");
  return { question: questionOf(body, options.deadlineMs), stream: body.stream === true };
}

function questionOf(body: ChatBody, deadlineMs: number | undefined): Question {
  const panel = isPanel(body.model);
  if (panel) checkPanelFields(body);
  return {
    model: body.model,
    messages: conversationOf(body.messages),
    sampling: samplingOf(body, panel),
    consensus: body.consensus ?? undefined,
    extraJson: panel ? "" : extraJsonOf(body),
    deadlineMs,
  };
}

function samplingOf(body: ChatBody, panel: boolean): Sampling {
  const maxOutputTokens = maxTokensOf(body);
  const format = panel || body.response_format == null ? undefined : formatOf(body.response_format);
  return {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(body.temperature != null && { temperature: body.temperature }),
    ...(body.top_p != null && { topP: body.top_p }),
    ...(body.seed != null && { seed: body.seed }),
    ...(body.stop != null && { stop: typeof body.stop === "string" ? [body.stop] : body.stop }),
    ...(body.frequency_penalty != null && { frequencyPenalty: body.frequency_penalty }),
    ...(body.presence_penalty != null && { presencePenalty: body.presence_penalty }),
    ...(format !== undefined && { responseFormat: format }),
  };
}

function maxTokensOf(body: ChatBody): number | undefined {
  const { max_tokens: old, max_completion_tokens: current } = body;
  if (old != null && current != null && old !== current) {
    throw invalid("max_tokens", "max_tokens and max_completion_tokens differ. Send one of them.");
  }
  return current ?? old ?? undefined;
}

function formatOf(format: NonNullable<ChatBody["response_format"]>): ResponseFormat {
  if (format.type !== "json_schema") return format;
  const { name, schema = {}, strict } = format.json_schema;
  return { type: "json_schema", name, schemaJson: JSON.stringify(schema), strict: strict === true };
}
