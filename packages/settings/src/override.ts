import { type Mistake, SettingsError } from "./mistakes.js";
import { mistakesOf } from "./schema/issues.js";
import { type Override, overrideSchema, type Preset, presetDefaults } from "./schema/preset.js";

/** The first part of every path in a mistake of a request. */
export const overridePath = "consensus";

/**
 * Reads the `consensus` object of a request.
 *
 * @throws {SettingsError} with every mistake; paths begin with `consensus`.
 */
export function parseOverride(value: unknown): Override {
  const result = overrideSchema.safeParse(value);
  if (result.success) return result.data;
  throw new SettingsError(mistakesOf(result.error.issues, "", [overridePath]));
}

/** Whether a checked `consensus` object of a request wants to see what each member writes. */
export function wantsMembers(override: unknown): boolean {
  return (
    typeof override === "object" && override !== null && "stream" in override && override.stream === "members"
  );
}

/** The preset with what a request changes. Lists are replaced whole; objects are joined field by field. */
export function withOverride(preset: Preset, { stream: _stream, ...override }: Override): Preset {
  return {
    ...preset,
    ...override,
    members: override.members ?? preset.members,
    rounds: { ...preset.rounds, ...override.rounds },
    aggregation: { ...preset.aggregation, ...override.aggregation },
    judge: { ...preset.judge, ...override.judge },
    budget: { ...preset.budget, ...override.budget },
  };
}

/** Says where a request asks for more time or money than the preset has. */
export function checkTightened(preset: Preset, override: Override): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const lower = (path: string, asked: number | undefined, allowed: number | undefined) => {
    if (asked !== undefined && allowed !== undefined && asked > allowed) {
      const message = `${asked} is more than the preset's ${allowed}. A request can only lower it.`;
      mistakes.push({ source: "", path: `${overridePath}.${path}`, message });
    }
  };
  lower("deadline_ms", override.deadline_ms, preset.deadline_ms ?? presetDefaults.deadlineMs);
  lower("budget.max_cost_usd", override.budget?.max_cost_usd, preset.budget?.max_cost_usd);
  lower("budget.max_output_tokens", override.budget?.max_output_tokens, preset.budget?.max_output_tokens);
  return mistakes;
}
