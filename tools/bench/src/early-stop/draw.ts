import { type Ballot, losslessStop, seeded } from "@synod/consensus";
import { type Behaviour, modelOf } from "../upstream/behaviour.js";

/** One question: what each of five members says, and when. */
export interface Draw {
  readonly models: readonly string[];
  /** The model whose answer decides: after it no other one can change the winner. */
  readonly decidedBy: string;
  /** When that answer is there, and when all are, in milliseconds. */
  readonly decidedMs: number;
  readonly allMs: number;
}

const members = 5;
/** How often a member is right. Errors fall on three wrong answers alike. */
const accuracy = 0.75;
const wrong = [13, 14, 15] as const;
const right = 42;
/** Milliseconds until an answer is there: log-normal. Times apart by less are the machine's, not the models'. */
const latency = { medianMs: 250, sigma: 0.6 } as const;

/** Draws questions, the same for the same seed. Every one has a run of its own at the upstream. */
export function drawQuestions(count: number, seed: number): readonly Draw[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, run) => drawOf(run, random));
}

function drawOf(run: number, random: () => number): Draw {
  const answers = Array.from({ length: members }, (_, member): Behaviour => {
    const says = random() < accuracy ? right : (wrong[Math.floor(random() * wrong.length)] ?? right);
    const waitMs = Math.round(latency.medianMs * Math.exp(latency.sigma * normal(random)));
    return { waitMs, tokens: 5, burst: 5, gapMs: 0, vote: { says, run, member } };
  }).toSorted((a, b) => a.waitMs - b.waitMs);
  const decider = answers.find((_, at) => isDecided(answers.slice(0, at + 1), members - at - 1));
  const last = answers.at(-1);
  if (decider === undefined || last === undefined) throw new Error("nobody answers");
  return {
    models: answers.map(modelOf),
    decidedBy: modelOf(decider),
    decidedMs: decider.waitMs,
    allMs: last.waitMs,
  };
}

/** Whether the round is over when these are in: its quorum is a majority of the members. */
function isDecided(answers: readonly Behaviour[], missing: number): boolean {
  const ballots = answers.map(({ vote }, member): Ballot => ({
    voter: { member, sample: 1 },
    answerKey: String(vote?.says),
    counted: true,
    weight: 1,
    kind: "number",
    abstained: null,
    truncated: false,
  }));
  const outstanding = Array.from({ length: missing }, () => ({ weight: 1 }));
  return answers.length > members / 2 && losslessStop({ ballots, outstanding }, "plurality");
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
