import type { CompletionRequest } from "@synod/contracts/provider";
import type { WireRequest } from "../codec.js";
import { invalidRequest } from "../provider-error.js";
import { encodeMessage, type MessageDialect } from "./encode-message.js";
import { encodeSampling } from "./encode-sampling.js";
import { membersOf, objectText, type RawMember, rawMembers } from "./raw-json.js";

/** How a provider's requests differ from OpenAI's. */
export interface RequestDialect extends MessageDialect {
  /** The field for the most tokens that may be written. Text completions know `max_tokens` alone. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** Whether the usage at the end of a stream must be asked for. */
  readonly asksForUsage: boolean;
}

/** The request fields beside those that Synod writes itself, with their values as JSON text. */
export type ExtraFields = ReadonlyMap<string, string>;

/** Fields that a request of ours has, or that decide how its answer is read. */
const ownFields: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "prompt",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "seed",
  "stop",
  "frequency_penalty",
  "presence_penalty",
  "response_format",
]);

/**
 * Reads the request fields beside ours.
 *
 * @throws ProviderFailure `invalid_value` when they are no JSON object, when one of them is ours, and for more than one
 *   choice: an answer of ours has one.
 */
export function readExtraFields(extraJson: string): ExtraFields {
  if (extraJson === "") return new Map();
  const fields = rawMembers(extraJson);
  if (fields === undefined) throw invalidRequest("extra_json: is not a JSON object");
  for (const [name, json] of fields) {
    if (ownFields.has(name)) throw invalidRequest(`extra_json: \`${name}\` cannot be set there`);
    if (name === "n" && json !== "null" && JSON.parse(json) !== 1) {
      throw invalidRequest("n: only 1 is supported");
    }
  }
  return fields;
}

/**
 * Writes a chat completion, or a text completion where the request has a prompt.
 *
 * @param extra written as they are.
 * @param options.whole whether to ask for the answer in one piece in place of a stream.
 * @throws ProviderFailure `invalid_value` for JSON text that is none.
 */
export function encodeCompletion(
  request: CompletionRequest,
  model: string,
  dialect: RequestDialect,
  extra: ExtraFields = readExtraFields(request.extraJson),
  options: { readonly whole?: boolean } = {},
): WireRequest {
  const isText = request.prompt !== "";
  const stream = options.whole !== true;
  const asked: RawMember = isText
    ? ["prompt", JSON.stringify(request.prompt)]
    : ["messages", `[${request.messages.map((message) => encodeMessage(message, dialect)).join(",")}]`];
  const maxTokensField = isText ? "max_tokens" : dialect.maxTokensField;
  const body = objectText([
    ["model", JSON.stringify(model)],
    asked,
    ...(request.sampling === undefined ? [] : encodeSampling(request.sampling, maxTokensField)),
    ["stream", String(stream)],
    ...membersOf({ stream_options: stream && dialect.asksForUsage ? { include_usage: true } : undefined }),
    ...extra,
  ]);
  const accept = stream ? "text/event-stream" : "application/json";
  return {
    path: isText ? "/completions" : "/chat/completions",
    headers: { "content-type": "application/json", accept },
    body,
    streamed: stream,
  };
}
