import type { Ballot } from "@synod/consensus";
import type { Random } from "./random.js";

/** A simulated member. */
export interface Member {
  /** The probability that it is right, 0 to 1. */
  readonly accuracy: number;
  /** Members of one family say the same. Each is its own when unset. */
  readonly family?: string;
}

/** A question and what each member said to it. */
export interface Asked {
  readonly answers: readonly string[];
  /** The right answer. */
  readonly right: string;
}

const options = "ABCDEFGHIJ";

/** Independent members, one of each accuracy. */
export function independent(...accuracies: readonly number[]): readonly Member[] {
  return accuracies.map((accuracy) => ({ accuracy }));
}

/** So many independent members of one accuracy. */
export function alike(n: number, accuracy: number): readonly Member[] {
  return Array.from({ length: n }, () => ({ accuracy }));
}

/**
 * Asks each member a question of so many options, 2 to 10. Any of them may be the right one, so that no tie-break favours
 * it, and errors fall on every other one alike. Members of one family say what the first of it says.
 */
export function ask(members: readonly Member[], count: number, random: Random): Asked {
  const place = Math.floor(random() * count);
  const right = options.charAt(place);
  const wrong = options.slice(0, count).replace(right, "");
  const said = new Map<string, string>();
  const answers = members.map(({ accuracy, family }, member) => {
    const name = family ?? String(member);
    const isRight = random() < accuracy;
    const answer = said.get(name) ?? (isRight ? right : wrong.charAt(Math.floor(random() * wrong.length)));
    said.set(name, answer);
    return answer;
  });
  return { answers, right };
}

/** The votes for these answers, one for each member, of weight 1 and known accuracy. */
export function ballotsFor(answers: readonly string[], members: readonly Member[]): readonly Ballot[] {
  return answers.map((answerKey, member) => {
    const accuracy = members[member]?.accuracy;
    return {
      voter: { member, sample: 1 },
      answerKey,
      counted: true,
      weight: 1,
      kind: "choice",
      abstained: null,
      truncated: false,
      ...(accuracy !== undefined && { accuracy }),
    };
  });
}

/** Everything that independent members can say to a question of two options, and how likely each of it is. */
export function everyAnswer(
  members: readonly Member[],
): readonly (Asked & { readonly probability: number })[] {
  return members.reduce<readonly (Asked & { readonly probability: number })[]>(
    (all, { accuracy }) =>
      all.flatMap(({ answers, right, probability }) => [
        { answers: [...answers, "A"], right, probability: probability * accuracy },
        { answers: [...answers, "B"], right, probability: probability * (1 - accuracy) },
      ]),
    [{ answers: [], right: "A", probability: 1 }],
  );
}
