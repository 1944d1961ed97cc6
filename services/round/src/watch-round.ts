import { isUsable, type RoundRules } from "@synod/consensus";
import type { MemberFailed, RunRoundRequest } from "@synod/contracts/round";
import { contentOfProtoCompletion, fromProtoReason, fromProtoRoundStop } from "@synod/mapping";
import type { Logger } from "@synod/telemetry";
import type { CountedStop, RoundEvents } from "./events.js";
import type { RoundNews, RoundWatch } from "./fan-out.js";

/** What is needed to watch a round. */
export interface Watched {
  readonly events: RoundEvents;
  readonly logger: Logger;
  readonly rules: RoundRules;
  readonly request: RunRoundRequest;
}

/** Counts what happens in a round, and logs the members that fail. */
export function watchRound({ events, logger, rules, request }: Watched): RoundWatch {
  const startedMs = performance.now();

  function ended(stop: CountedStop): void {
    events.rounds.inc({ stop });
    events.duration.observe({ stop }, (performance.now() - startedMs) / 1000);
  }

  function failed({ voter, failure, latencyMs }: MemberFailed): void {
    const reason = failure === undefined ? "internal" : fromProtoReason(failure.reason);
    events.voters.inc({ result: "failed" });
    events.failures.inc({ reason });
    const model = voter && request.members[voter.member]?.model;
    logger.warn(
      { model, sample: voter?.sample, reason, detail: failure?.message, latencyMs: Number(latencyMs) },
      "member failed",
    );
  }

  function happened(news: RoundNews): void {
    switch (news.case) {
      case "answered": {
        const { completion, hedgeWon } = news.value;
        if (hedgeWon) events.hedges.inc({ result: "won" });
        const usable =
          completion !== undefined &&
          isUsable(contentOfProtoCompletion(completion), rules.answerFormat, rules.tools);
        return events.voters.inc({ result: usable ? "usable" : "abstained" });
      }
      case "failed":
        return failed(news.value);
      case "hedged":
        return events.hedges.inc({ result: "asked" });
      case "restAsked":
        return;
      case "cancelled":
        return events.voters.inc({ result: "cancelled" });
      case "ended":
        return ended(fromProtoRoundStop(news.value.stop));
      default:
        return news satisfies never;
    }
  }

  return { happened, left: () => ended("left") };
}
