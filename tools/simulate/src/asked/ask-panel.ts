import { selectorBound } from "@synod/consensus";
import { randomFrom } from "../random.js";
import { type Asked, askAll } from "./ask-all.js";
import { type Arm, memberArms, strategyArms } from "./arms.js";
import type { AskedQuestion, Told } from "./ask.js";
import type { Panel } from "./panels.js";
import { type Row, rowOf } from "./rows.js";

/** What all members and strategies of a panel came to on the same questions. */
export interface PanelResult {
  readonly panel: Panel;
  /** The best member, the mean of all, one drawn for each question, and the dearest. */
  readonly members: readonly Row[];
  readonly strategies: readonly Row[];
  /** The share of questions that some member answered rightly: no choice among the answers can do better. */
  readonly bound: number;
}

/** What is asked, and how. */
export interface Questions {
  readonly list: readonly AskedQuestion[];
  readonly isRight: (question: string, text: string) => boolean;
  readonly seed: number;
  readonly atOnce: number;
}

/** The answers of one arm. */
interface Answers {
  readonly name: string;
  readonly told: readonly Told[];
  readonly right: readonly boolean[];
}

/** Questions after which it is the turn of the next arm, so that a machine that becomes busy slows all of them. */
const TURN = 25;

/** Asks each member of a panel, and the panel by each strategy. */
export async function askPanel(asked: Asked, panel: Panel, questions: Questions): Promise<PanelResult> {
  const alone = memberArms(panel);
  const arms = [...alone, ...strategyArms(panel)];
  const told: Told[][] = arms.map(() => []);
  for (let from = 0; from < questions.list.length; from += TURN) {
    const some = questions.list.slice(from, from + TURN);
    for (const [at, arm] of arms.entries()) {
      told[at]?.push(...(await askAll(asked, arm, some, questions.atOnce)));
    }
  }
  const answers = arms.map((arm, at) => answersOf(arm, told[at] ?? [], questions));
  const members = answers.slice(0, alone.length);
  const rightOf = (at: number): readonly boolean[] => members.map(({ right }) => right[at] === true);
  return {
    panel,
    members: memberRows(members, questions),
    strategies: answers.slice(alone.length).map((own) => rowOf(own.name, own.told, own.right)),
    bound: selectorBound(questions.list.map((_, at) => rightOf(at))).share,
  };
}

function answersOf({ name, decides }: Arm, told: readonly Told[], { list, isRight }: Questions): Answers {
  const right = told.map(({ text }, at) => isRight(list[at]?.text ?? "", text));
  return { name, told, right: decides ? right : [] };
}

/** The best member, the mean of all, one drawn for each question, and the dearest. */
function memberRows(members: readonly Answers[], { list, seed }: Questions): readonly Row[] {
  const rows = members.map(({ name, told, right }) => rowOf(name, told, right));
  const [best] = rows;
  const [dearest] = rows.toSorted((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0));
  if (best === undefined || dearest === undefined) throw new Error("the panel has no members");
  const random = randomFrom(seed);
  const drawn = list.flatMap((_, at) => {
    const { told = [], right = [] } = members[Math.floor(random() * members.length)] ?? {};
    const one = told[at];
    return one === undefined ? [] : [{ told: one, right: right[at] === true }];
  });
  return [
    { ...best, name: `best member (${best.name})` },
    meanRow(members),
    rowOf(
      "random member",
      drawn.map(({ told }) => told),
      drawn.map(({ right }) => right),
    ),
    { ...dearest, name: `most expensive (${dearest.name})` },
  ];
}

/** The mean of all members. Their answers to one question are not independent, so there is no interval. */
function meanRow(members: readonly Answers[]): Row {
  const told = members.flatMap((member) => member.told);
  const right = members.flatMap((member) => member.right);
  return { ...rowOf("mean member", told, right), right: [], interval: null };
}
