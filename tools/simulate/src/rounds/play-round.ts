import {
  castBallots,
  type CompletionContent,
  newRound,
  outstandingVoters,
  type RoundProgress,
  type RoundRules,
  roundStep,
  standingsBy,
  type Voter,
} from "@synod/consensus";

/** What a simulated round came to. */
export interface PlayedRound {
  /** The winner of the answers that were in when it ended. Null without one. */
  readonly winner: string | null;
  /** Calls that were started. */
  readonly started: number;
  /** Calls that ran to their end. The others were cancelled. */
  readonly finished: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** What happens in a round, in the order of time: a member answers, or the grace is over. */
type Due = { readonly atMs: number } & ({ readonly member: number } | { readonly graceOver: true });

/**
 * Plays one round in simulated time, by the very code that decides in the round service.
 *
 * @param said what each member says, and after how many milliseconds from when it is asked.
 */
export function playRound(
  rules: RoundRules,
  graceMs: number,
  said: readonly { readonly answer: string; readonly ms: number }[],
): PlayedRound {
  let progress: RoundProgress = newRound;
  let started = rules.first;
  let due: readonly Due[] = askedAt(0, said.slice(0, rules.first), 0);
  for (;;) {
    const [next, ...later] = due.toSorted((a, b) => a.atMs - b.atMs);
    if (next === undefined) throw new Error("The round did not end.");
    due = later;
    const step = roundStep(
      rules,
      progress,
      "member" in next
        ? {
            type: "answered",
            voter: voterOf(next.member),
            completion: saying(said[next.member]?.answer ?? ""),
          }
        : { type: "grace_over" },
    );
    ({ progress } = step);
    switch (step.decision.type) {
      case "wait":
        break;
      case "start_grace":
        due = [...due, { atMs: next.atMs + graceMs, graceOver: true }];
        break;
      case "ask_rest":
        ({ progress } = roundStep(rules, progress, { type: "rest_asked" }));
        started = said.length;
        due = [
          ...due.filter((d) => "member" in d),
          ...askedAt(next.atMs, said.slice(rules.first), rules.first),
        ];
        break;
      case "stop":
        return {
          winner: winnerOf(rules, progress),
          started,
          finished:
            started - outstandingVoters(rules, progress).filter(({ voter }) => voter.member < started).length,
          ms: next.atMs,
        };
      default:
        return step.decision satisfies never;
    }
  }
}

/** Members that are asked at a time, the first of them at this place of the panel. */
function askedAt(atMs: number, said: readonly { readonly ms: number }[], first: number): readonly Due[] {
  return said.map(({ ms }, i) => ({ atMs: atMs + ms, member: first + i }));
}

function winnerOf({ answerFormat, statistic }: RoundRules, { answers }: RoundProgress): string | null {
  return standingsBy(statistic, castBallots(answers, answerFormat))[0]?.key ?? null;
}

function voterOf(member: number): Voter {
  return { member, sample: 1 };
}

function saying(text: string): CompletionContent {
  return { text, refusal: "", finishReason: "stop", toolCalls: [] };
}
