import { strategies } from "@synod/consensus";
import type { Mistake } from "./mistakes.js";
import { parseModelId } from "./model-id.js";
import { pathText } from "./schema/issues.js";
import { type Override, presetDefaults } from "./schema/preset.js";
import type { Limits } from "./settings.js";

/** What a preset is checked against. */
export interface PresetContext {
  readonly limits: Limits;
  /** Ids of the configured providers. */
  readonly providers: readonly string[];
  /** The file, for the messages. */
  readonly source: string;
  /** The path of the preset, for the messages. */
  readonly prefix: readonly PropertyKey[];
}

/** How many answers a round asks for. */
export function votersOf(members: readonly { readonly samples?: number | undefined }[]): number {
  return members.reduce((sum, member) => sum + (member.samples ?? 1), 0);
}

/** Checks what a schema cannot: what depends on other fields, and the operator's limits. */
export function checkPreset(preset: Override, context: PresetContext): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const wrong = (path: readonly PropertyKey[], message: string) =>
    mistakes.push({ source: context.source, path: pathText([...context.prefix, ...path]), message });
  const atMost = (path: readonly PropertyKey[], value: number | undefined, limit: number, what: string) => {
    if (value !== undefined && value > limit) {
      wrong(path, `${value} is more than this server allows. Use at most ${limit} ${what}.`);
    }
  };

  const { limits } = context;
  const members = preset.members ?? [];
  atMost(["members"], members.length, limits.members, "members");
  members.forEach((member, index) => {
    atMost(["members", index, "samples"], member.samples, limits.samples, "samples");
    checkFallbacks(member, context.providers, (at, message) => wrong(["members", index, ...at], message));
  });

  const withAccuracy = members.filter(({ accuracy }) => accuracy != null).length;
  members.forEach(({ accuracy }, index) => {
    if (accuracy == null && withAccuracy > 0) {
      const message = `is missing: ${withAccuracy} of ${members.length} members have one. Set it on all of them, or on none.`;
      wrong(["members", index, "accuracy"], message);
    }
  });

  const voters = votersOf(members);
  if (preset.quorum !== undefined && preset.quorum > voters) {
    const range = voters === 1 ? "1, the only answer asked for" : `1 to ${voters}, the answers asked for`;
    wrong(["quorum"], `${preset.quorum} can never be reached. Use ${range}, or leave it out for a majority.`);
  }

  if (preset.ask_first !== undefined && preset.ask_first > members.length) {
    const range = members.length === 1 ? "1, the only member" : `1 to ${members.length}, the members`;
    wrong(["ask_first"], `${preset.ask_first} members are not there. Use ${range}, or leave it out for all.`);
  }

  atMost(["rounds", "max"], preset.rounds?.max, limits.rounds, "rounds");
  const judge = preset.judge ?? {};
  const judges = judge.models?.length ?? 0;
  atMost(["judge", "models"], judges, limits.judges, "judges");
  atMost(["judge", "max_regenerations"], judge.max_regenerations, limits.regenerations, "regenerations");
  if ((judge.mode ?? "off") !== "off" && judges === 0) {
    wrong(["judge", "models"], `is needed for mode "${judge.mode}". Name a judge, or use mode "off".`);
  }
  if (judge.votes_needed !== undefined && judges > 0 && judge.votes_needed > judges) {
    const message = `${judge.votes_needed} can never be reached. Use 1 to ${judges}, the number of judges.`;
    wrong(["judge", "votes_needed"], message);
  }
  const strategy = preset.aggregation?.strategy ?? presetDefaults.strategy;
  if (judge.mode === "gate" && judge.regenerate === "aggregate" && !strategies[strategy].needsModel) {
    wrong(["judge", "regenerate"], `"aggregate" makes the same answer again with ${strategy}. Use "round".`);
  }
  return mistakes;
}

type Wrong = (path: readonly PropertyKey[], message: string) => void;
type Member = NonNullable<Override["members"]>[number];

function checkFallbacks(member: Member, providers: readonly string[], wrong: Wrong): void {
  const simulated = (id: string) => parseModelId(id, providers).provider === "sim";
  member.fallbacks?.forEach((fallback, index) => {
    if (simulated(fallback) && !simulated(member.model)) {
      wrong(["fallbacks", index], "a simulated model cannot stand in for a real one. Name a real model.");
    }
  });
}
