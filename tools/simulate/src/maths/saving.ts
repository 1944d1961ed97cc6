import { losslessStop, type Statistic } from "@synod/consensus";
import { ballotsFor, everyAnswer, type Member } from "../panel.js";

/** The share of calls that the lossless stop saves when members answer one after the other, by trying all answers. */
export function exactSaving(statistic: Statistic, members: readonly Member[]): number {
  return everyAnswer(members).reduce(
    (sum, { answers, probability }) =>
      sum + probability * (1 - asked(statistic, answers, members) / members.length),
    0,
  );
}

/** How many answers are needed until no other one can win. */
export function asked(statistic: Statistic, answers: readonly string[], members: readonly Member[]): number {
  const ballots = ballotsFor(answers, members);
  const decided = ballots.findIndex((_, i) =>
    losslessStop({ ballots: ballots.slice(0, i + 1), outstanding: ballots.slice(i + 1) }, statistic),
  );
  return decided + 1;
}
