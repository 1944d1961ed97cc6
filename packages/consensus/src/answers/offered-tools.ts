import type { Json } from "../json/json.js";
import { readJson } from "../json/read-json.js";
import { jsonText, plainJson } from "../json/write-json.js";
import { type SchemaCheck, schemaCheck } from "../schema/check.js";
import { isObject } from "../schema/schema.js";

/** A tool that members may call. */
export interface OfferedTool {
  /** Checks arguments, which are a JSON object, against its `parameters`. Without these any will do. */
  readonly check: SchemaCheck;
}

/** The tools that members could call, by their names. Null where none was offered: calls are no answer then. */
export type OfferedTools = ReadonlyMap<string, OfferedTool> | null;

/**
 * Reads which tools a request offers. Of those with the same name the last one counts.
 *
 * @param toolsJson `tools` and what goes with it as OpenAI has them, a JSON object as text; none when unset.
 */
export function offeredTools(toolsJson: string | undefined): OfferedTools {
  const definitions = definitionsIn(toolsJson);
  if (definitions === null) return null;
  return new Map(
    definitions.flatMap((definition) => {
      const name = member(definition, "name");
      if (name?.type !== "string") return [];
      return [[name.value, { check: checkOf(member(definition, "parameters")) }] as const];
    }),
  );
}

/** The schemas of the tools that a request offers, each as JSON text, in their order. Null for a tool without one. */
export function toolSchemas(toolsJson: string): readonly (string | null)[] {
  return (definitionsIn(toolsJson) ?? []).map((definition) => {
    const parameters = member(definition, "parameters");
    return parameters === undefined ? null : jsonText(parameters);
  });
}

function definitionsIn(toolsJson: string | undefined): readonly (Json | undefined)[] | null {
  const tools = toolsJson === undefined ? undefined : member(readJson(toolsJson), "tools");
  return tools?.type === "array" ? tools.items.map((tool) => member(tool, "function")) : null;
}

/** Schemas are prepared when something is checked against them: most tools are not called. */
function checkOf(parameters: Json | undefined): SchemaCheck {
  const make = (): SchemaCheck => {
    const root = parameters && plainJson(parameters);
    return schemaCheck({ root: isObject(root) ? root : true });
  };
  let made: SchemaCheck | undefined;
  return (json, count) => (made ??= make())(json, count);
}

function member(json: Json | null | undefined, name: string): Json | undefined {
  return json?.type === "object" ? json.members.get(name) : undefined;
}
