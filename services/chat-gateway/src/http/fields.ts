import { objectText } from "@synod/consensus";
import { panelPrefix } from "../question.js";
import { invalid } from "../failure.js";
import { checkTools, isToolField } from "../tools.js";
import type { AskingBody } from "./body-schema.js";
import type { BodyText } from "./body-text.js";
import { chatBody, type ChatBody } from "./chat-body.js";
import { type CompletionBody, completionBody } from "./completion-body.js";

const knownOfChat: ReadonlySet<string> = new Set(Object.keys(chatBody.shape));
const knownOfCompletion: ReadonlySet<string> = new Set(Object.keys(completionBody.shape));

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && Object.keys(value).length === 0);
const isOneOf =
  (...words: readonly unknown[]) =>
  (value: unknown): boolean =>
    words.includes(value);
const isListOf =
  (...words: readonly unknown[]) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every((modality) => words.includes(modality));
const isAnything = (): boolean => true;
const isSeen = isListOf("text", "image");

/** Fields, and the values of them, that change nothing about a panel's answer. */
const withoutEffect: Readonly<Record<string, (value: unknown) => boolean>> = {
  user: isAnything,
  metadata: isAnything,
  safety_identifier: isAnything,
  prompt_cache_key: isAnything,
  service_tier: isOneOf("auto", "default"),
  top_logprobs: isOneOf(0),
  modalities: isListOf("text"),
};

const logprobs = "log probabilities are not passed on. Leave it out.";

/** Fields whose results a chat completion of one model could not carry, or that belong elsewhere. */
const refusedInChat: Readonly<Record<string, string>> = {
  logprobs,
  top_logprobs: logprobs,
  functions: "is out of date. Use `tools`.",
  function_call: "is out of date. Use `tool_choice`.",
  audio: "audio is not supported. Leave it out.",
  prompt: "is for /v1/completions. Use `messages`.",
};

/** The same for a text completion. */
const refusedInCompletion: Readonly<Record<string, string>> = {
  logprobs,
  messages: "are for /v1/chat/completions. Use `prompt`.",
};

/** Whether a field that is refused asks for nothing. In a text completion 0 `logprobs` ask for some. */
const asksNothing = (name: string, value: unknown): boolean =>
  value === false || (name === "top_logprobs" && value === 0);

function extrasOf(body: AskingBody, known: ReadonlySet<string>): [string, unknown][] {
  return Object.entries(body).filter(
    ([name, value]) => !known.has(name) && value !== null && value !== undefined,
  );
}

/**
 * Refuses what no panel can honour. Nothing is dropped that would change the answer.
 *
 * @throws SynodError `invalid_value` that names the field.
 */
export function checkPanelFields(body: ChatBody): void {
  for (const [name, value] of extrasOf(body, knownOfChat)) {
    if (isNothing(value) || isToolField(name)) continue;
    if (Object.hasOwn(withoutEffect, name) && withoutEffect[name]?.(value)) continue;
    throw invalid(name, `${name} is not available for a panel. ${advice}`);
  }
}

/**
 * The tools that a panel may call, and what goes with them, as they were written: a JSON object as text. Undefined when there
 * are none.
 *
 * @throws SynodError `invalid_value` that names the field.
 */
export function panelToolsOf(body: ChatBody, text: BodyText): string | undefined {
  const fields = extrasOf(body, knownOfChat).filter(([name]) => isToolField(name));
  return checkTools(Object.fromEntries(fields))
    ? objectText(fields.map(([name]) => [name, text.field(name)]))
    : undefined;
}

const advice = `Leave it out, or ask one model instead of \`${panelPrefix}…\`.`;

/**
 * The fields of a chat completion that go to one model's provider as they were written: a JSON object as text, empty when
 * there are none.
 *
 * @throws SynodError `invalid_value` for a field whose result the answer could not carry.
 */
export function chatExtrasOf(body: ChatBody, text: BodyText): string {
  return passedOn(body, extrasOf(body, knownOfChat), refusedInChat, text);
}

/** The same for a text completion. */
export function completionExtrasOf(body: CompletionBody, text: BodyText): string {
  return passedOn(body, extrasOf(body, knownOfCompletion), refusedInCompletion, text);
}

function passedOn(
  { consensus }: AskingBody,
  extras: readonly (readonly [string, unknown])[],
  refused: Readonly<Record<string, string>>,
  text: BodyText,
): string {
  if (consensus != null) {
    throw invalid(
      "consensus",
      `consensus is for panels (\`${panelPrefix}…\`). Leave it out to ask one model.`,
    );
  }
  for (const [name, value] of extras) {
    const why = Object.hasOwn(refused, name) ? refused[name] : undefined;
    if (why !== undefined && !asksNothing(name, value)) throw invalid(name, `${name}: ${why}`);
    if (name === "modalities" && !isSeen(value)) {
      throw invalid(name, "modalities: only text and image are supported.");
    }
  }
  const passed = extras.filter(([name]) => !Object.hasOwn(refused, name));
  if (passed.length === 0) return "";
  return objectText(passed.map(([name]) => [name, text.field(name)]));
}
