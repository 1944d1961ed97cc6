import type { ResponseFormat, StrategyName } from "@synod/consensus";
import { presetDefaults } from "./schema/preset.js";

/** What a request wants of its answer beside the words. */
export interface Wanted {
  readonly responseFormat?: ResponseFormat | undefined;
  /** `tools` and what goes with it, a JSON object as text. */
  readonly toolsJson?: string | undefined;
}

/** Strategies whose answer can keep to a shape; `tool_calls` where no tool is called. */
export const shaped: readonly StrategyName[] = ["fields", "synthesis", "tool_calls"];

/**
 * The strategy by which a panel answers a request: its own, unless the request wants what that cannot do, and names no
 * strategy itself. Then it is `tool_calls` for tools, and `fields` for an answer of a schema or of JSON.
 *
 * @param own What the preset says. Default: `synthesis`.
 * @param named What the request says.
 */
export function fittingStrategy(
  own: StrategyName | undefined,
  named: StrategyName | undefined,
  { toolsJson, responseFormat }: Wanted,
): StrategyName {
  const usual = named ?? own ?? presetDefaults.strategy;
  if (named !== undefined) return usual;
  if (toolsJson !== undefined) return "tool_calls";
  const isFree = responseFormat === undefined || responseFormat.type === "text";
  return isFree || usual === "synthesis" ? usual : "fields";
}
