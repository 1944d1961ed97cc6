import {
  isSchema,
  type ResponseFormat,
  schemaExcess,
  type StrategyName,
  toolSchemas,
} from "@synod/consensus";
import type { Mistake } from "./mistakes.js";

/** What a request wants of its answer beside the words. */
export interface Wanted {
  readonly responseFormat?: ResponseFormat | undefined;
  /** `tools` and what goes with it, a JSON object as text. */
  readonly toolsJson?: string | undefined;
}

/** Strategies whose answer can keep to a schema. */
const shaped: readonly StrategyName[] = ["fields", "synthesis"];

/** Says which field of a request a panel's strategy cannot honour, or needs. */
export function checkWanted(strategy: StrategyName, preset: string, wanted: Wanted): readonly Mistake[] {
  const { responseFormat, toolsJson } = wanted;
  const panel = `synod/${preset} aggregates by ${strategy}`;
  const instead = "or ask one model instead of a panel";
  const mistake = (path: string, message: string): Mistake => ({ source: "", path, message });
  if (toolsJson !== undefined && strategy !== "tool_calls") {
    const use = `Use a panel of strategy tool_calls ("consensus": {"aggregation": {"strategy": "tool_calls"}}), leave them out`;
    return [mistake("tools", `${panel}, which calls no tools. ${use}, ${instead}.`)];
  }
  const large = toolsJson === undefined ? null : tooLargeTool(toolsJson);
  if (large !== null) return [mistake(large.path, large.message)];
  if (responseFormat?.type === "json_object") {
    const use = `Use "json_schema" with strategy fields or synthesis, leave it out`;
    return [mistake("response_format", `"json_object" is not available for a panel. ${use}, ${instead}.`)];
  }
  if (responseFormat?.type === "json_schema") {
    if (!shaped.includes(strategy)) {
      const use = `Use strategy fields or synthesis ("consensus": {"aggregation": {"strategy": "fields"}}), leave it out`;
      return [mistake("response_format", `${panel}, which keeps to no schema. ${use}, ${instead}.`)];
    }
    const problem = schemaMistake(responseFormat.schemaJson);
    if (problem !== null) return [mistake("response_format", problem)];
    return [];
  }
  if (strategy !== "fields") return [];
  const use = `Send one of type "json_schema", or use another strategy`;
  return [mistake("response_format", `is missing: ${panel}, the fields of a JSON Schema. ${use}.`)];
}

/** Why answers cannot be checked against a schema. Null when they can. */
function schemaMistake(schemaJson: string): string | null {
  if (!isSchema(schemaJson)) return "its schema is not a JSON Schema: use an object.";
  const excess = schemaExcess(schemaJson);
  return excess && `its schema ${excess}. Use a smaller one.`;
}

/** The first tool whose arguments cannot be checked against its schema. Null without one. */
function tooLargeTool(toolsJson: string): Pick<Mistake, "path" | "message"> | null {
  for (const [index, parameters] of toolSchemas(toolsJson).entries()) {
    const excess = parameters === null ? null : schemaExcess(parameters);
    if (excess !== null) {
      const message = `${excess}, so that calls could not be checked. Use a smaller schema.`;
      return { path: `tools[${index}].function.parameters`, message };
    }
  }
  return null;
}
