import {
  listOf,
  number,
  object,
  orNull,
  ref,
  type Schema,
  type Schemas,
  text,
  whole,
  word,
} from "../schema.js";

const optional = (schemas: Schemas): Schemas =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${name}?`, orNull(schema)]));

const tokens = whole("The most tokens that may be written.", { minimum: 1, maximum: 4_294_967_295 });
const penalty = number(undefined, { minimum: -2, maximum: 2 });

/** The fields that a question has, whatever it asks. Null means unset. */
export const askingProperties: Schemas = {
  model: text("`synod/<preset>` for a panel, or one model such as `groq/llama-3.3-70b-versatile`.", {
    pattern: "^[\\x21-\\x7e]{1,256}$",
  }),
  ...optional({
    stream: { type: "boolean", description: "Whether the answer comes as server-sent events." },
    stream_options: object({ "include_usage?": { type: ["boolean", "null"] } }, "Usage is always sent."),
    max_tokens: tokens,
    max_completion_tokens: tokens,
    temperature: number(undefined, { minimum: 0, maximum: 2 }),
    top_p: number(undefined, { minimum: 0, maximum: 1 }),
    seed: whole(undefined, { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
    stop: {
      anyOf: [
        text(undefined, { minLength: 1 }),
        listOf(text(undefined, { minLength: 1 }), undefined, { maxItems: 4 }),
      ],
    },
    frequency_penalty: penalty,
    presence_penalty: penalty,
    n: { const: 1, description: "Other numbers are refused: ask again instead." },
    response_format: ref("ResponseFormat"),
  }),
};

const content: Schema = {
  anyOf: [text(), listOf(ref("ContentPart"), undefined, { maxItems: 1_000 })],
};

/** What is sent to ask. */
export const chatRequestSchemas: Schemas = {
  ChatCompletionRequest: {
    ...object(
      {
        ...askingProperties,
        messages: listOf(ref("Message"), "The conversation.", { minItems: 1, maxItems: 1_000 }),
        ...optional({
          tools: listOf(ref("Tool"), "For a panel: with the strategy `tool_calls`.", { maxItems: 128 }),
          tool_choice: { anyOf: [word(["none", "auto", "required"]), { type: "object" }] },
          parallel_tool_calls: { type: "boolean" },
          consensus: ref("ConsensusOverride"),
        }),
      },
      "OpenAI's chat completion. Other fields go to one model's provider as they are; a panel refuses them by name.",
    ),
    additionalProperties: true,
  },
  ResponseFormat: {
    oneOf: [
      object({ type: { const: "text" } }),
      object({ type: { const: "json_object" } }),
      object({
        type: { const: "json_schema" },
        json_schema: object({
          name: text(undefined, { minLength: 1, maxLength: 64 }),
          "schema?": { type: "object", description: "A JSON Schema." },
          "strict?": { type: ["boolean", "null"] },
        }),
      }),
    ],
  },
  Message: {
    description: "One turn. A turn of the assistant may hold what else its answer held.",
    oneOf: [
      object({ role: word(["system", "developer", "user"]), content, "name?": orNull(text()) }),
      object({
        role: { const: "assistant" },
        "content?": orNull(content),
        "name?": orNull(text()),
        "tool_calls?": orNull(listOf(ref("ToolCall"), undefined, { maxItems: 128 })),
        "refusal?": orNull(text()),
        "reasoning?": orNull(text()),
      }),
      object({
        role: { const: "tool" },
        content,
        tool_call_id: text(undefined, { minLength: 1, maxLength: 256 }),
      }),
    ],
  },
  ContentPart: object(
    { type: text("`text`, or another kind, which is handed to models as it is and never fetched.") },
    "A piece of a message.",
  ),
  Tool: object({
    type: { const: "function" },
    function: object({ name: text(), "parameters?": orNull({ type: "object" }) }),
  }),
  ToolCall: object({
    id: text(),
    type: { const: "function" },
    function: object({ name: text(), arguments: text("JSON text.") }),
  }),
  ReferenceRequest: {
    ...object({ user_message: text(undefined, { minLength: 1 }), "system_message?": orNull(text()) }),
    additionalProperties: false,
  },
  ReferenceAnswer: object({ response: text() }),
};
