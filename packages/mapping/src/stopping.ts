import type { RoundStop, RunSpec, Statistic } from "@synod/consensus";
import type { RunSpec as ProtoRunSpec } from "@synod/contracts/chat";
import { RoundStop as ProtoRoundStop, StopRule, VoteStatistic } from "@synod/contracts/round";
import { fromTable } from "./enum.js";
import { fromProtoDuration, toProtoDuration } from "./scalar.js";

const stopsToProto = {
  complete: ProtoRoundStop.COMPLETE,
  lossless: ProtoRoundStop.LOSSLESS,
  confident: ProtoRoundStop.CONFIDENT,
  agreed: ProtoRoundStop.AGREED,
  quorum: ProtoRoundStop.QUORUM,
  quorum_lost: ProtoRoundStop.QUORUM_LOST,
} as const satisfies Record<RoundStop, ProtoRoundStop>;

const stopsFromProto = {
  [ProtoRoundStop.UNSPECIFIED]: null,
  [ProtoRoundStop.COMPLETE]: "complete",
  [ProtoRoundStop.LOSSLESS]: "lossless",
  [ProtoRoundStop.CONFIDENT]: "confident",
  [ProtoRoundStop.AGREED]: "agreed",
  [ProtoRoundStop.QUORUM]: "quorum",
  [ProtoRoundStop.QUORUM_LOST]: "quorum_lost",
} as const satisfies Record<ProtoRoundStop, RoundStop | null>;

const rulesToProto = {
  off: StopRule.OFF,
  lossless: StopRule.LOSSLESS,
  confident: StopRule.CONFIDENT,
} as const satisfies Record<RunSpec["stopEarly"], StopRule>;

const rulesFromProto = {
  [StopRule.UNSPECIFIED]: "off",
  [StopRule.OFF]: "off",
  [StopRule.LOSSLESS]: "lossless",
  [StopRule.CONFIDENT]: "confident",
} as const satisfies Record<StopRule, RunSpec["stopEarly"]>;

const statisticsToProto = {
  plurality: VoteStatistic.PLURALITY,
  weighted: VoteStatistic.WEIGHTED,
} as const satisfies Record<Statistic, VoteStatistic>;

const statisticsFromProto = {
  [VoteStatistic.UNSPECIFIED]: "plurality",
  [VoteStatistic.PLURALITY]: "plurality",
  [VoteStatistic.WEIGHTED]: "weighted",
} as const satisfies Record<VoteStatistic, Statistic>;

/** Why a round ended, as the contract has it. */
export function toProtoRoundStop(stop: RoundStop): ProtoRoundStop {
  return stopsToProto[stop];
}

/**
 * Why a round ended, from the contract.
 *
 * @throws MappingError when it is unspecified or unknown.
 */
export function fromProtoRoundStop(stop: ProtoRoundStop): RoundStop {
  return fromTable<ProtoRoundStop, RoundStop>(stopsFromProto, stop, "round_ended.stop");
}

/** When a round may stop early, as the contract has it. */
export function toProtoStopRule(rule: RunSpec["stopEarly"]): StopRule {
  return rulesToProto[rule];
}

/**
 * When a round may stop early, from the contract; `off` when it is unspecified.
 *
 * @throws MappingError when it is unknown.
 */
export function fromProtoStopRule(rule: StopRule): RunSpec["stopEarly"] {
  return fromTable<StopRule, RunSpec["stopEarly"]>(rulesFromProto, rule, "stop_rule");
}

/** What decides between answers, as the contract has it. */
export function toProtoStatistic(statistic: Statistic): VoteStatistic {
  return statisticsToProto[statistic];
}

/**
 * What decides between answers, from the contract; `plurality` when it is unspecified.
 *
 * @throws MappingError when it is unknown.
 */
export function fromProtoStatistic(statistic: VoteStatistic): Statistic {
  return fromTable<VoteStatistic, Statistic>(statisticsFromProto, statistic, "statistic");
}

/** When a member is hedged, as a run's settings and a round's request have it. */
export type ProtoHedge = ProtoRunSpec["hedge"];

/**
 * When a member is hedged, as the contract has it.
 *
 * @throws MappingError when it is no time.
 */
export function toProtoHedge(after: RunSpec["hedgeAfterMs"]): ProtoHedge {
  if (after === null) return { case: undefined };
  return after === "p95"
    ? { case: "hedgeAfterP95", value: true }
    : { case: "hedgeAfter", value: toProtoDuration(after, "hedge_after") };
}

/** When a member is hedged, from the contract. */
export function fromProtoHedge(hedge: ProtoHedge): RunSpec["hedgeAfterMs"] {
  switch (hedge.case) {
    case "hedgeAfter":
      return fromProtoDuration(hedge.value);
    case "hedgeAfterP95":
      return hedge.value ? "p95" : null;
    case undefined:
      return null;
    default:
      return hedge satisfies never;
  }
}
