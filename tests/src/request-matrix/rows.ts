/** What becomes of a field: it reaches the upstream in these words, it changes nothing, or it is refused under this name. */
export type Fate =
  { readonly sent: Readonly<Record<string, unknown>> } | "without effect" | { readonly refused: string };

/** A request with one field of OpenAI's, and what becomes of it. */
export interface Row {
  readonly field: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly panel: Fate;
  readonly model: Fate;
  /** The strategy by which the panel answers. Default: its own. */
  readonly strategy?: string;
}

type Body = Row["body"];

const sent = (body: Body): Fate => ({ sent: body });
const refused = (param: string): Fate => ({ refused: param });

/** Both honour it, in these words or in the caller's own. */
const honoured = (field: string, body: Body, words: Body = body): Row => ({
  field,
  body,
  panel: sent(words),
  model: sent(words),
});
/** Both refuse it. */
const refusedByBoth = (field: string, body: Body, param = field): Row => ({
  field,
  body,
  panel: refused(param),
  model: refused(param),
});
/** It changes nothing about a panel's answer; one model's provider gets it. */
const quietForPanel = (field: string, body: Body): Row => ({
  field,
  body,
  panel: "without effect",
  model: sent(body),
});
/** A panel refuses it; one model's provider gets it. */
const forOneModel = (field: string, body: Body): Row => ({
  field,
  body,
  panel: refused(field),
  model: sent(body),
});
/** Nobody is told of it. */
const withoutEffect = (field: string, body: Body): Row => ({
  field,
  body,
  panel: "without effect",
  model: "without effect",
});

const user = (content: unknown) => ({ role: "user", content });
const image = { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } };
const call = { id: "call_1", type: "function", function: { name: "submit", arguments: '{"result": 4}' } };
const turns = [
  { role: "developer", content: "Be brief." },
  { role: "system", content: "Count well." },
  user("What is 2 + 2?"),
  { role: "assistant", content: null, tool_calls: [call] },
  { role: "tool", tool_call_id: "call_1", content: "4" },
  { role: "assistant", content: "4" },
  user("What is 17 * 23?"),
];
const parts = [user([{ type: "text", text: "What is" }, image, { type: "text", text: "17 * 23?" }])];
const schema = {
  type: "object",
  properties: { result: { type: "integer" } },
  required: ["result"],
  additionalProperties: false,
};
const shaped = {
  response_format: {
    type: "json_schema",
    json_schema: { name: "sum", description: "A sum.", schema, strict: true },
  },
};
const anyObject = { response_format: { type: "json_object" } };
const tools = [
  { type: "function", function: { name: "submit", description: "Takes it.", parameters: schema } },
];
const named = { type: "function", function: { name: "submit" } };
const byCalls = (row: Row): Row => ({ ...row, strategy: "tool_calls" });

/** Every field that OpenAI publishes, with the values that make a difference. */
export const rows: readonly Row[] = [
  honoured("messages", { messages: turns }),
  honoured("messages", { messages: parts }),
  refusedByBoth("messages", { messages: [] }),
  refusedByBoth(
    "messages",
    { messages: [{ role: "function", name: "f", content: "4" }] },
    "messages[0].role",
  ),
  refusedByBoth("messages", { messages: [user([{ text: "?" }])] }, "messages[0].content[0].type"),

  honoured("temperature", { temperature: 0.25 }),
  refusedByBoth("temperature", { temperature: 2.5 }),
  honoured("top_p", { top_p: 0.5 }),
  honoured("seed", { seed: 7 }),
  refusedByBoth("seed", { seed: 1.5 }),
  honoured("frequency_penalty", { frequency_penalty: -1 }),
  honoured("presence_penalty", { presence_penalty: 1 }),
  honoured("max_tokens", { max_tokens: 90 }),
  honoured("max_completion_tokens", { max_completion_tokens: 90 }, { max_tokens: 90 }),
  refusedByBoth("max_completion_tokens", { max_tokens: 90, max_completion_tokens: 91 }, "max_tokens"),
  honoured("stop", { stop: "###" }, { stop: ["###"] }),
  honoured("stop", { stop: ["#", "+"] }),
  refusedByBoth("stop", { stop: ["1", "2", "3", "4", "5"] }),
  withoutEffect("n", { n: 1 }),
  refusedByBoth("n", { n: 2 }),

  withoutEffect("stream", { stream: true }),
  withoutEffect("stream_options", { stream: true, stream_options: { include_usage: false } }),
  refusedByBoth("stream_options", { stream_options: { every: 1 } }, "stream_options.every"),

  { ...honoured("response_format", shaped), strategy: "fields" },
  { ...honoured("response_format", anyObject), strategy: "fields" },
  quietForPanel("response_format", { response_format: { type: "text" } }),
  refusedByBoth("response_format", { response_format: { type: "yaml" } }, "response_format.type"),

  byCalls(honoured("tools", { tools })),
  byCalls(honoured("tool_choice", { tools, tool_choice: "required" })),
  byCalls(honoured("tool_choice", { tools, tool_choice: named })),
  byCalls(honoured("parallel_tool_calls", { tools, parallel_tool_calls: false })),
  quietForPanel("tool_choice", { tool_choice: "none" }),
  {
    ...forOneModel("tools", { tools: [{ type: "custom", custom: { name: "x" } }] }),
    panel: refused("tools[0].type"),
  },

  quietForPanel("user", { user: "someone" }),
  quietForPanel("metadata", { metadata: { kind: "test" } }),
  quietForPanel("safety_identifier", { safety_identifier: "x1" }),
  quietForPanel("prompt_cache_key", { prompt_cache_key: "x1" }),
  quietForPanel("service_tier", { service_tier: "auto" }),
  forOneModel("service_tier", { service_tier: "flex" }),
  quietForPanel("modalities", { modalities: ["text"] }),
  refusedByBoth("modalities", { modalities: ["text", "audio"] }),

  forOneModel("logit_bias", { logit_bias: { "42": 5 } }),
  forOneModel("reasoning_effort", { reasoning_effort: "low" }),
  forOneModel("verbosity", { verbosity: "low" }),
  quietForPanel("store", { store: false }),
  forOneModel("store", { store: true }),
  forOneModel("prediction", { prediction: { type: "content", content: "391" } }),
  forOneModel("web_search_options", { web_search_options: { search_context_size: "low" } }),
  forOneModel("moderation", { moderation: { mode: "inform" } }),
  forOneModel("prompt_cache_options", { prompt_cache_options: { mode: "implicit" } }),
  forOneModel("prompt_cache_retention", { prompt_cache_retention: "24h" }),

  withoutEffect("logprobs", { logprobs: false }),
  refusedByBoth("logprobs", { logprobs: true }),
  withoutEffect("top_logprobs", { top_logprobs: 0 }),
  refusedByBoth("top_logprobs", { top_logprobs: 3 }),
  refusedByBoth("audio", { audio: { voice: "alloy", format: "mp3" } }),
  refusedByBoth("functions", { functions: [{ name: "submit" }] }),
  refusedByBoth("function_call", { function_call: "auto" }),
];
