import { listOf, object, orNull, ref, type Schema, type Schemas, text, whole, word } from "../schema.js";

const finishReason = text("Why the answer ends: `stop`, `length`, `tool_calls` or `content_filter`.");

const choiceOf = (properties: Schemas): Schema =>
  object({
    index: { const: 0 },
    ...properties,
    logprobs: { type: "null" },
    "native_finish_reason?": text("The provider's own word for it."),
  });

const answerOf = (kind: string, choice: Schema, more: Schemas, description: string): Schema => ({
  ...object(
    {
      id: text(),
      object: { const: kind },
      created: whole("Seconds since 1970."),
      model: text("The model that was asked for."),
      system_fingerprint: text("Names the settings of a panel."),
      choices: { type: "array", items: choice, maxItems: 1 },
      ...more,
    },
    description,
  ),
  additionalProperties: true,
});

const about: Schemas = {
  "consensus?": ref("Consensus"),
  "served_model?": text("One model: who the provider says has answered."),
  "simulated?": { const: true },
};

const said = object({
  role: { const: "assistant" },
  content: orNull(text()),
  refusal: orNull(text()),
  "reasoning?": text(),
  "tool_calls?": listOf(ref("ToolCall")),
});

const delta = object({
  "role?": { const: "assistant" },
  "content?": orNull(text()),
  "refusal?": text(),
  "reasoning?": text(),
  "tool_calls?": listOf({ type: "object" }),
});

const eventTypes = [
  ...["member_delta", "round_started", "rest_asked", "member_answered", "member_failed"],
  ...["member_cancelled", "member_hedged", "round_ended"],
];

const ended = { finish_reason: finishReason };
const mayHaveEnded = { finish_reason: orNull(finishReason) };
const broken = object({
  index: { const: 0 },
  finish_reason: { const: "error" },
});

/** What comes back. One model's answer may hold more, as its provider said it. */
export const answerSchemas: Schemas = {
  ChatCompletion: answerOf(
    "chat.completion",
    choiceOf({ message: said, ...ended }),
    { ...about, "usage?": ref("Usage") },
    "A whole answer. A panel's has `consensus`.",
  ),
  ChatCompletionChunk: answerOf(
    "chat.completion.chunk",
    { anyOf: [choiceOf({ delta, ...mayHaveEnded }), broken] },
    {
      ...about,
      "usage?": ref("Usage"),
      "error?": ref("StreamError"),
      "consensus_event?": ref("ConsensusEvent"),
    },
    "A piece of an answer. The last one has no choices, but `usage`, and `consensus` for a panel.",
  ),
  Completion: answerOf(
    "text_completion",
    { anyOf: [choiceOf({ text: text(), ...mayHaveEnded }), broken] },
    { ...about, "usage?": ref("Usage"), "error?": ref("StreamError") },
    "A continuation of a text, or a piece of it.",
  ),
  ConsensusEvent: object(
    { type: word(eventTypes), round: whole("From 1.", { minimum: 1 }) },
    'What a member wrote, or what happened to it: where `consensus.stream` is "members".',
  ),
  StreamError: object(
    { code: whole("The HTTP status that the error would have had."), message: text() },
    "An error after the stream began. The stream ends after it.",
  ),
};
