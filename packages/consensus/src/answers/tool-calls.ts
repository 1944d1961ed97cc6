import { readJson } from "../json/read-json.js";
import { jsonKey } from "../json/write-json.js";
import type { ToolCall } from "../run/conversation.js";
import { compareText } from "../voting/stable-hash.js";
import { shortKey } from "./short-key.js";

/** The names of the tools that members could call. Null where none was offered: calls are no answer then. */
export type OfferedTools = ReadonlySet<string> | null;

/** What an answer without calls votes for, where calls vote: that no tool is to be called. Its words are not compared. */
export const NO_CALL = "text";

/**
 * Reads which tools a request offers.
 *
 * @param toolsJson `tools` and what goes with it as OpenAI has them, a JSON object as text; none when unset.
 */
export function offeredTools(toolsJson: string | undefined): OfferedTools {
  const json = toolsJson === undefined ? null : readJson(toolsJson);
  const tools = json?.type === "object" ? json.members.get("tools") : undefined;
  if (tools?.type !== "array") return null;
  const names = tools.items.flatMap((tool) => {
    const definition = tool.type === "object" ? tool.members.get("function") : undefined;
    const name = definition?.type === "object" ? definition.members.get("name") : undefined;
    return name?.type === "string" ? [name.value] : [];
  });
  return new Set(names);
}

/**
 * The calls as a client can run them: each of a tool that was offered, with arguments that are a JSON object, and an id of
 * its own. Null when one of them is not so: none of them is run then, since they may belong together.
 */
export function runnableCalls(
  calls: readonly ToolCall[],
  offered: ReadonlySet<string>,
): readonly ToolCall[] | null {
  const ids = new Set<string>();
  const runnable: ToolCall[] = [];
  for (const call of calls) {
    const argumentsJson = argumentsOf(call);
    if (argumentsJson === null || !offered.has(call.name)) return null;
    let id = call.id || `call_${ids.size + 1}`;
    while (ids.has(id)) id += "_";
    ids.add(id);
    runnable.push({ id, name: call.name, argumentsJson });
  }
  return runnable;
}

/**
 * What calls vote for: their names and arguments, these written in one way, in an order of their own. Null when arguments
 * are no JSON object. Example: `get_weather({"city":"Paris"})`.
 */
export function toolCallsKey(calls: readonly ToolCall[]): string | null {
  const keys = calls.map((call) => {
    const argumentsJson = argumentsOf(call);
    const json = argumentsJson === null ? null : readJson(argumentsJson);
    return json === null ? null : `${call.name}(${jsonKey(json)})`;
  });
  const known = keys.filter((key) => key !== null);
  return known.length < keys.length ? null : shortKey(known.toSorted(compareText).join("; "));
}

/** Calls as a text, for whoever cannot be told calls: the members in a further round, a judge. */
export function toolCallsText(calls: readonly ToolCall[]): string {
  const listed = calls.map(({ name, argumentsJson }) => ({ name, arguments: argumentsJson }));
  return JSON.stringify({ tool_calls: listed });
}

/** The arguments of a call as JSON text; models write nothing where there are none. Null when they are no JSON object. */
function argumentsOf({ argumentsJson }: ToolCall): string | null {
  if (argumentsJson.trim() === "") return "{}";
  return readJson(argumentsJson)?.type === "object" ? argumentsJson : null;
}
