import type { Json } from "../json/json.js";
import { readJson } from "../json/read-json.js";
import type { ToolCall } from "../run/conversation.js";

/** The arguments of a call that can be read. */
export interface CallArguments {
  /** As they were written. */
  readonly text: string;
  readonly json: Json;
}

/** The arguments of a call; models write nothing where there are none. Null when they are no JSON object. */
export function argumentsOf({ argumentsJson }: ToolCall): CallArguments | null {
  const text = argumentsJson.trim() === "" ? "{}" : argumentsJson;
  const json = readJson(text);
  return json?.type === "object" ? { text, json } : null;
}
