import type { ChatRequest } from "@synod/contracts/chat";
import type { Message } from "@synod/contracts/model";
import { findJsonExcess } from "@synod/rpc";
import { invalid } from "../failure.js";
import { isPlainName, modelPattern, notPlain } from "../names.js";

/**
 * Checks what the contract cannot say of a question, as strictly as over HTTP: names, and JSON that stands in texts.
 *
 * @throws SynodError `invalid_value` with the path of the first field that is wrong.
 */
export function checkChat(chat: ChatRequest): void {
  if (!modelPattern.test(chat.model)) {
    throw invalid("model", "model must be 1 to 256 visible ASCII characters.");
  }
  const format = chat.sampling?.responseFormat;
  if (format !== undefined && format.schemaJson !== "") {
    objectIn("sampling.response_format.schema_json", format.schemaJson);
  }
  for (const [index, message] of chat.messages.entries()) checkMessage(`messages[${index}]`, message);
}

function checkMessage(path: string, message: Message): void {
  const { name, toolCallId, toolCalls, parts, extraJson } = message;
  checkName(`${path}.name`, name);
  checkName(`${path}.tool_call_id`, toolCallId);
  for (const [index, call] of toolCalls.entries()) {
    checkName(`${path}.tool_calls[${index}].id`, call.id);
    checkName(`${path}.tool_calls[${index}].name`, call.name);
  }
  for (const [index, { content }] of parts.entries()) {
    if (content.case === "otherJson") objectIn(`${path}.parts[${index}].other_json`, content.value);
  }
  if (extraJson !== "") objectIn(`${path}.extra_json`, extraJson);
}

function checkName(path: string, name: string): void {
  if (!isPlainName(name)) throw invalid(path, `${path} ${notPlain}.`);
}

/**
 * Reads a JSON object in a text.
 *
 * @throws SynodError `invalid_value` that names the field.
 */
export function objectIn(path: string, text: string): Readonly<Record<string, unknown>> {
  const excess = findJsonExcess(Buffer.from(text));
  if (excess !== null) throw invalid(path, `${path} is too much: ${excess}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(path, `${path} is not a JSON object.`);
  }
  return { ...value };
}
