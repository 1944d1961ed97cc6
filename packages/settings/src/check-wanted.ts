import { isSchema, schemaExcess, type StrategyName, toolSchemas } from "@synod/consensus";
import { shaped, type Wanted } from "./fitting-strategy.js";
import type { Mistake } from "./mistakes.js";

/** Says which field of a request the strategy that it names, or the preset's, cannot honour, or needs. */
export function checkWanted(strategy: StrategyName, preset: string, wanted: Wanted): readonly Mistake[] {
  const { responseFormat, toolsJson } = wanted;
  const panel = `synod/${preset} aggregates by ${strategy}`;
  const mistake = (path: string, message: string): Mistake => ({ source: "", path, message });
  if (toolsJson !== undefined && strategy !== "tool_calls") {
    const use = "Name no strategy, or tool_calls; leave the tools out; or ask one model instead of a panel";
    return [mistake("tools", `${panel} here, which calls no tools. ${use}.`)];
  }
  const large = toolsJson === undefined ? null : tooLargeTool(toolsJson);
  if (large !== null) return [mistake(large.path, large.message)];
  if (responseFormat === undefined || responseFormat.type === "text") {
    if (strategy !== "fields") return [];
    const use = `Send one of type "json_schema", or use another strategy`;
    return [mistake("response_format", `is missing: ${panel}, the fields of a JSON Schema. ${use}.`)];
  }
  if (!shaped.includes(strategy)) {
    const use = "Name no strategy, or one of fields, synthesis, tool_calls; leave it out; or ask one model";
    return [mistake("response_format", `${panel} here, which keeps to no shape. ${use}.`)];
  }
  if (responseFormat.type === "json_object") return [];
  const problem = schemaMistake(responseFormat.schemaJson);
  return problem === null ? [] : [mistake("response_format", problem)];
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
