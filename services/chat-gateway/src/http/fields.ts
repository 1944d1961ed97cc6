import { panelPrefix } from "../question.js";
import { invalid } from "../failure.js";
import { chatBody, type ChatBody } from "./chat-body.js";

const known: ReadonlySet<string> = new Set(Object.keys(chatBody.shape));

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && Object.keys(value).length === 0);
const isOneOf =
  (...words: readonly unknown[]) =>
  (value: unknown): boolean =>
    words.includes(value);
const isTextOnly = (value: unknown): boolean =>
  Array.isArray(value) && value.every((modality) => modality === "text");
const isAnything = (): boolean => true;

/** Fields, and the values of them, that change nothing about a panel's answer. */
const withoutEffect: Readonly<Record<string, (value: unknown) => boolean>> = {
  user: isAnything,
  metadata: isAnything,
  safety_identifier: isAnything,
  prompt_cache_key: isAnything,
  parallel_tool_calls: isAnything,
  service_tier: isOneOf("auto", "default"),
  tool_choice: isOneOf("none", "auto"),
  top_logprobs: isOneOf(0),
  modalities: isTextOnly,
};

/** Fields whose results the answer of one model could not carry. */
const unanswerable: Readonly<Record<string, string>> = {
  logprobs: "log probabilities are not passed on. Leave it out.",
  top_logprobs: "log probabilities are not passed on. Leave it out.",
  functions: "is out of date. Use `tools`.",
  function_call: "is out of date. Use `tool_choice`.",
  audio: "audio is not supported. Leave it out.",
};

function extrasOf(body: ChatBody): [string, unknown][] {
  return Object.entries(body).filter(
    ([name, value]) => !known.has(name) && value !== null && value !== undefined,
  );
}

/**
 * Refuses what a panel cannot honour. Nothing is dropped that would change the answer.
 *
 * @throws SynodError `invalid_value` that names the field.
 */
export function checkPanelFields(body: ChatBody): void {
  const format = body.response_format;
  if (format != null && format.type !== "text") {
    throw invalid("response_format", `response_format is not available for a panel yet. ${advice}`);
  }
  for (const [name, value] of extrasOf(body)) {
    if (isNothing(value) || (Object.hasOwn(withoutEffect, name) && withoutEffect[name]?.(value))) continue;
    if (name === "tools") throw invalid(name, `tools are not available for a panel yet. ${advice}`);
    throw invalid(name, `${name} is not available for a panel. ${advice}`);
  }
}

const advice = `Leave it out, or ask one model instead of \`${panelPrefix}…\`.`;

/**
 * The fields that go to one model's provider as they are: a JSON object as text, empty when there are none.
 *
 * @throws SynodError `invalid_value` for a field whose result the answer could not carry.
 */
export function extraJsonOf(body: ChatBody): string {
  if (body.consensus != null) {
    throw invalid(
      "consensus",
      `consensus is for panels (\`${panelPrefix}…\`). Leave it out to ask one model.`,
    );
  }
  const extras = extrasOf(body);
  for (const [name, value] of extras) {
    const why = Object.hasOwn(unanswerable, name) ? unanswerable[name] : undefined;
    if (why !== undefined && value !== false && value !== 0) throw invalid(name, `${name}: ${why}`);
    if (name === "modalities" && !isTextOnly(value))
      throw invalid(name, "modalities: only text is supported.");
  }
  const passed = extras.filter(([name]) => !Object.hasOwn(unanswerable, name));
  return passed.length === 0 ? "" : JSON.stringify(Object.fromEntries(passed));
}
