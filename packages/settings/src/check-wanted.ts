import { isSchema, type StrategyName } from "@synod/consensus";
import { shaped, type Wanted } from "./fitting-strategy.js";
import type { Mistake } from "./mistakes.js";

/** Answers are checked against a longer schema for too long. Providers take less. */
const maxSchemaChars = 262_144;

/** Says which field of a request the strategy that it names, or the preset's, cannot honour, or needs. */
export function checkWanted(strategy: StrategyName, preset: string, wanted: Wanted): readonly Mistake[] {
  const { responseFormat, toolsJson } = wanted;
  const panel = `synod/${preset} aggregates by ${strategy}`;
  const mistake = (path: string, message: string): Mistake => ({ source: "", path, message });
  if (toolsJson !== undefined && strategy !== "tool_calls") {
    const use = "Name no strategy, or tool_calls; leave the tools out; or ask one model instead of a panel";
    return [mistake("tools", `${panel} here, which calls no tools. ${use}.`)];
  }
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
  if (responseFormat.schemaJson.length > maxSchemaChars) {
    const message = `its schema has more than ${maxSchemaChars} characters. Use a shorter one.`;
    return [mistake("response_format", message)];
  }
  if (!isSchema(responseFormat.schemaJson)) {
    return [mistake("response_format", "its schema is not a JSON Schema: use an object.")];
  }
  return [];
}
