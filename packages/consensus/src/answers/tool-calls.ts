import { jsonKey } from "../json/write-json.js";
import type { ToolCall } from "../run/conversation.js";
import { createBudget } from "../schema/work.js";
import { compareText } from "../voting/stable-hash.js";
import type { Abstention } from "./abstention.js";
import { argumentsOf } from "./arguments.js";
import type { OfferedTools } from "./offered-tools.js";
import { shortKey } from "./short-key.js";

/** What an answer without calls votes for, where calls vote: that no tool is to be called. Its words are not compared. */
export const NO_CALL = "text";

/** How many subschemas are applied to the arguments of an answer's calls at most. */
const MAX_EVALUATIONS = 5_000;

/** Calls as a client can run them. */
export interface RunnableCalls {
  readonly calls: readonly ToolCall[];
  /** What could not be checked of their arguments. Null when all are known to be of the schemas of their tools. */
  readonly unchecked: string | null;
}

/**
 * The calls as a client can run them: each of a tool that was offered, with arguments that are a JSON object of its schema,
 * and an id of its own. An abstention when one of them is not so: none of them is run then, since they may belong
 * together. Arguments that cannot be checked to the end are taken as they are.
 */
export function runnableCalls(
  calls: readonly ToolCall[],
  offered: NonNullable<OfferedTools>,
): RunnableCalls | Abstention {
  const { count } = createBudget(MAX_EVALUATIONS);
  const ids = new Set<string>();
  const runnable: ToolCall[] = [];
  let unchecked: string | null = null;
  for (const call of calls) {
    const tool = offered.get(call.name);
    if (tool === undefined) {
      return { reason: "unknown_tool", message: `It calls ${shown(call.name)}, which was not offered.` };
    }
    const given = argumentsOf(call);
    if (given === null) return { reason: "no_arguments", message: `${whose(call)} are no JSON object.` };
    const problem = tool.check(given.json, count);
    if (problem?.isCertain === true) {
      return { reason: "invalid_arguments", message: `${whose(call)}: ${problem.message}` };
    }
    if (problem !== null) unchecked ??= `${whose(call)}: ${problem.message}`;
    let id = call.id || `call_${ids.size + 1}`;
    while (ids.has(id)) id += "_";
    ids.add(id);
    runnable.push({ id, name: call.name, argumentsJson: given.text });
  }
  return { calls: runnable, unchecked };
}

function whose({ name }: ToolCall): string {
  return `The arguments of ${name}`;
}

/** A name that a model made up. */
function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}

/**
 * What calls vote for: their names and arguments, these written in one way, in an order of their own. Null when arguments
 * are no JSON object. Example: `get_weather({"city":"Paris"})`.
 */
export function toolCallsKey(calls: readonly ToolCall[]): string | null {
  const keys = calls.map((call) => {
    const given = argumentsOf(call);
    return given && `${call.name}(${jsonKey(given.json)})`;
  });
  const known = keys.filter((key) => key !== null);
  return known.length < keys.length ? null : shortKey(known.toSorted(compareText).join("; "));
}

/** Calls as a text, for whoever cannot be told calls: the members in a further round, a judge. */
export function toolCallsText(calls: readonly ToolCall[]): string {
  const listed = calls.map(({ name, argumentsJson }) => ({ name, arguments: argumentsJson }));
  return JSON.stringify({ tool_calls: listed });
}
