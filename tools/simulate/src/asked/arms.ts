import type { StrategyName } from "@synod/consensus";
import { modelOf, type Panel } from "./panels.js";

/** How the panel's questions are asked in one row of the table. */
export interface Arm {
  readonly name: string;
  /** What `model` is in the request. */
  readonly model: string;
  /** What is in the request beside the question. */
  readonly more?: object;
  /** Whether there is one answer, which is right or wrong. */
  readonly decides: boolean;
}

const schema = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};

/** What strategies need in the request that agree on something else than texts. */
const needed: Partial<Record<StrategyName, object>> = {
  fields: { response_format: { type: "json_schema", json_schema: { name: "reply", schema, strict: true } } },
  tool_calls: {
    tools: [{ type: "function", function: { name: "submit", parameters: schema } }],
    tool_choice: "required",
  },
};

/** All strategies, those that vote first. */
const strategies: readonly StrategyName[] = [
  "majority",
  "weighted",
  "fields",
  "tool_calls",
  "synthesis",
  "analysis",
  "most_consistent",
  "best_of",
  "ranked",
  "layered",
  "concatenate",
];

/** The name of the arm in which outstanding calls are stopped as soon as they cannot matter. */
export const LOSSLESS = "majority (stopped early)";

const presetOf = (panel: Panel, name: string): string => `${panel.name}-${name}`;

/** Each member alone, in the order of the panel. */
export function memberArms({ members }: Panel): readonly Arm[] {
  return members.map((member) => ({ name: member.name, model: modelOf(member), decides: true }));
}

/** Each strategy, and the default one with what stops it early. */
export function strategyArms(panel: Panel): readonly Arm[] {
  const arms = strategies.map((name): Arm => {
    const more = needed[name];
    const model = `synod/${presetOf(panel, name)}`;
    return { name, model, decides: name !== "concatenate", ...(more !== undefined && { more }) };
  });
  const [majority, ...others] = arms;
  const lossless = { name: LOSSLESS, model: `synod/${presetOf(panel, "lossless")}`, decides: true };
  return majority === undefined ? arms : [majority, lossless, ...others];
}

/** The configuration file with a preset for each strategy of each panel. The best member aggregates. */
export function configFor(panels: readonly Panel[]): object {
  const presets = panels.flatMap((panel) => {
    const [best] = panel.members;
    const members = panel.members.map((member) => ({
      model: modelOf(member),
      family: member.family,
      accuracy: member.ability,
    }));
    // Only a simulation may know accuracies beforehand, and only `weighted` looks at them.
    const preset = (strategy: StrategyName): object => ({
      members,
      stop_early: "off",
      grace_ms: 60_000,
      aggregation: { strategy, ...(best !== undefined && { model: modelOf(best) }) },
    });
    return [
      ...strategies.map((strategy) => [presetOf(panel, strategy), preset(strategy)] as const),
      [presetOf(panel, "lossless"), { ...preset("majority"), stop_early: "lossless" }] as const,
    ];
  });
  return { presets: Object.fromEntries(presets) };
}
