import { isSchema, type ResponseFormat, type StrategyName } from "@synod/consensus";
import type { Mistake } from "./mistakes.js";

/** What a request wants of its answer beside the words. */
export interface Wanted {
  readonly responseFormat?: ResponseFormat | undefined;
  /** `tools` and what goes with it, a JSON object as text. */
  readonly toolsJson?: string | undefined;
}

/** Answers are checked against a longer schema for too long. Providers take less. */
const maxSchemaChars = 262_144;

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
  if (responseFormat?.type === "json_object") {
    const use = `Use "json_schema" with strategy fields or synthesis, leave it out`;
    return [mistake("response_format", `"json_object" is not available for a panel. ${use}, ${instead}.`)];
  }
  if (responseFormat?.type === "json_schema") {
    if (!shaped.includes(strategy)) {
      const use = `Use strategy fields or synthesis ("consensus": {"aggregation": {"strategy": "fields"}}), leave it out`;
      return [mistake("response_format", `${panel}, which keeps to no schema. ${use}, ${instead}.`)];
    }
    if (responseFormat.schemaJson.length > maxSchemaChars) {
      return [
        mistake(
          "response_format",
          `its schema has more than ${maxSchemaChars} characters. Use a shorter one.`,
        ),
      ];
    }
    if (!isSchema(responseFormat.schemaJson)) {
      return [mistake("response_format", "its schema is not a JSON Schema: use an object.")];
    }
    return [];
  }
  if (strategy !== "fields") return [];
  const use = `Send one of type "json_schema", or use another strategy`;
  return [mistake("response_format", `is missing: ${panel}, the fields of a JSON Schema. ${use}.`)];
}
