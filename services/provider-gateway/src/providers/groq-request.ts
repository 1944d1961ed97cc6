import { ResponseFormatType, Role } from "@synod/contracts/model";
import type { CompletionRequest } from "@synod/contracts/provider";
import { asObject, parseJson } from "./openai-dialect/json.js";
import { type ExtraFields, readExtraFields } from "./openai-dialect/encode.js";
import { callersFields } from "./openai-dialect/encode-message.js";
import { invalidRequest, type ProviderFailure } from "./provider-error.js";

const mostTools = 128;
const mostStops = 4;
const efforts: readonly unknown[] = ["none", "default", "low", "medium", "high"];

/** Fields that Groq answers with HTTP 400, by https://console.groq.com/docs/openai. */
const refusedFields = ["logprobs", "top_logprobs", "logit_bias"] as const;

/** Fields that only OpenRouter knows. Groq refuses fields that it does not know. */
const openrouterFields = [
  "provider",
  "models",
  "route",
  "plugins",
  "transforms",
  "top_k",
  "top_a",
  "min_p",
  "repetition_penalty",
  "session_id",
  "trace",
  "usage",
  "prediction",
  "cache_control",
  "debug",
] as const;

/**
 * The request fields beside ours as Groq takes them. What means the same there under another name is renamed
 * (`reasoning.effort`, `reasoning.exclude`, the tier `default`), what asks for nothing is left out, everything else is
 * as it was written.
 *
 * @param options.ordinaryTier whether to ask the ordinary tier in place of the cheap one.
 * @throws ProviderFailure `invalid_value` for what Groq is known to refuse; another provider may take it.
 */
export function groqFields(
  request: CompletionRequest,
  options: { readonly ordinaryTier?: boolean } = {},
): ExtraFields {
  refuseTurns(request);
  const fields = new Map(readExtraFields(request.extraJson));
  for (const [name, json] of fields) if (json === "null") fields.delete(name);
  fields.delete("n");
  if (fields.get("logprobs") === "false") fields.delete("logprobs");
  refuseFields(fields);
  mapReasoning(fields);
  checkTools(request, fields);
  const tier = fields.get("service_tier");
  if (tier === '"default"' || (options.ordinaryTier === true && tier !== '"performance"')) {
    fields.set("service_tier", '"on_demand"');
  }
  return fields;
}

/**
 * Whether Groq must be asked for the answer in one piece: it streams no structured output
 * (https://console.groq.com/docs/structured-outputs).
 */
export function wantsSchema({ sampling }: CompletionRequest): boolean {
  return sampling?.responseFormat?.type === ResponseFormatType.JSON_SCHEMA;
}

function refused(message: string): ProviderFailure {
  return invalidRequest(message, "other_provider");
}

function refuseTurns(request: CompletionRequest): void {
  if (request.prompt !== "") {
    throw refused("prompt: Groq has no text completions. Send messages, or ask a model of OpenRouter");
  }
  if (request.messages.some((message) => message.name !== "")) {
    throw refused("messages: Groq accepts no `name`");
  }
  for (const message of request.messages.filter(({ role }) => role === Role.ASSISTANT)) {
    const [unknown] = callersFields(message);
    if (unknown !== undefined)
      throw refused(`messages: Groq knows no \`${unknown}\` in a turn of the assistant`);
    if (message.refusal !== "" && message.parts.length > 0) {
      throw refused("messages: Groq knows no `refusal` beside the content");
    }
  }
  if ((request.sampling?.stop.length ?? 0) > mostStops) {
    throw refused(`stop: Groq accepts at most ${mostStops}`);
  }
}

function refuseFields(fields: ExtraFields): void {
  for (const name of refusedFields) {
    if (fields.has(name)) throw refused(`${name}: Groq does not accept it`);
  }
  for (const name of openrouterFields) {
    if (fields.has(name)) throw refused(`${name}: Groq does not know it, OpenRouter does`);
  }
}

function mapReasoning(fields: Map<string, string>): void {
  const json = fields.get("reasoning");
  if (json !== undefined) {
    const { effort, exclude, ...others } = asObject(parseJson(json)) ?? { others: true };
    const isExclude = exclude === undefined || typeof exclude === "boolean";
    if (Object.keys(others).length > 0 || !isExclude) {
      throw refused("reasoning: Groq knows its `effort` and `exclude` alone, OpenRouter the rest");
    }
    fields.delete("reasoning");
    if (effort !== undefined) put(fields, "reasoning_effort", JSON.stringify(effort));
    if (exclude !== undefined) put(fields, "include_reasoning", String(!exclude));
  }
  const effort = fields.get("reasoning_effort");
  if (effort !== undefined && !efforts.includes(parseJson(effort))) {
    throw refused(`reasoning_effort: Groq accepts ${efforts.join(", ")}`);
  }
  if (fields.has("reasoning_format") && fields.has("include_reasoning")) {
    throw refused("reasoning_format: Groq does not accept it together with include_reasoning");
  }
}

function put(fields: Map<string, string>, name: string, json: string): void {
  if ((fields.get(name) ?? json) !== json) throw invalidRequest(`reasoning: contradicts ${name}`);
  fields.set(name, json);
}

function checkTools(request: CompletionRequest, fields: ExtraFields): void {
  const tools = parseJson(fields.get("tools") ?? "[]");
  if (!Array.isArray(tools) || tools.length === 0) return;
  if (tools.length > mostTools) throw refused(`tools: Groq accepts at most ${mostTools}`);
  if (wantsSchema(request)) throw refused("tools: Groq does not accept them together with a JSON schema");
}
