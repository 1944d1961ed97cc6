import { type ModelProfile, SIMULATED_MODELS } from "@synod/simulator";

import { type CompletionJson, post, question } from "../harness/api.js";
import { until } from "../harness/until.js";
import type { Check } from "./judge-soak.js";
import type { SoakedSynod } from "./run-soak.js";

/** What a comparison is made of. */
export interface CompareOptions {
  readonly strategy: (typeof losslessStrategies)[number];
  readonly questions: number;
  /** Questions at once. */
  readonly concurrency: number;
}

/** What waiting for all, or stopping early, came to. */
export interface Arm {
  /** The winner's key for each question. */
  readonly winners: readonly string[];
  /** Calls that were begun, and how many of them were not needed, as the answers say. */
  readonly made: number;
  readonly saved: number;
  /** Calls that the simulator got, and how many of them were left before their end. */
  readonly received: number;
  readonly aborted: number;
  /** Milliseconds for each question, ascending in the whole. */
  readonly latencies: readonly number[];
}

/** The same questions, asked in both ways. */
export interface Comparison extends CompareOptions {
  readonly all: Arm;
  readonly lossless: Arm;
}

/** The strategies whose votes are compared. */
export const losslessStrategies = ["majority", "weighted"] as const;

/** How fast the members answer. */
export const losslessLatency = { medianMs: 60, sigma: 0.8 } as const;

/** Five members that disagree on most questions. */
export const losslessModels: readonly ModelProfile[] = [0.85, 0.75, 0.7, 0.65, 0.6].flatMap((sums, index) =>
  SIMULATED_MODELS.slice(0, 1).map((profile): ModelProfile => ({
    ...profile,
    id: `voter-${index}`,
    family: `family-${index}`,
    sums,
    verbosity: 0,
  })),
);

const waiting = { stop_early: "off", grace_ms: 60_000 };

/** The configuration file: a preset for each strategy that stops by itself, and one that waits for all. */
export const losslessConfig = {
  presets: Object.fromEntries(
    losslessStrategies.flatMap((strategy) => {
      const members = losslessModels.map(({ id, sums = 0 }) => ({ model: `sim/${id}`, weight: sums }));
      const preset = { members, aggregation: { strategy } };
      return [
        [strategy, preset],
        [`${strategy}-all`, { ...preset, ...waiting }],
      ];
    }),
  ),
};

/** Questions after which it is the turn of the other way, so that a machine that becomes busy slows both. */
const turn = 100;

/** Asks the same questions twice: once waiting for all, once stopping when no vote can change the winner. */
export async function compareLossless(soaked: SoakedSynod, options: CompareOptions): Promise<Comparison> {
  const { strategy, questions } = options;
  const all: Arm[] = [];
  const lossless: Arm[] = [];
  for (let from = 0; from < questions; from += turn) {
    const indices = Array.from({ length: Math.min(turn, questions - from) }, (_, index) => from + index);
    all.push(await askAll(soaked, `${strategy}-all`, indices, options));
    lossless.push(await askAll(soaked, strategy, indices, options));
  }
  return { ...options, all: joined(all), lossless: joined(lossless) };
}

/** Whether it holds what it promises. Time is looked at by `timeCheck` alone: it is the machine's, too. */
export function judgeComparison({ strategy, all, lossless }: Comparison): readonly Check[] {
  const different = all.winners.filter((winner, index) => winner !== lossless.winners[index]).length;
  const named = all.winners.filter((winner) => winner !== "").length;
  const saved = lossless.saved / lossless.made;
  return [
    {
      name: `${strategy}: the winner is the same`,
      holds: different === 0 && named === all.winners.length,
      figures: `${different} of ${all.winners.length} differ`,
    },
    {
      name: `${strategy}: 15 to 31 % of the calls are saved`,
      holds: saved > 0.15 && saved < 0.31 && all.saved === 0,
      figures: `${share(saved)} of ${lossless.made}, ${lossless.aborted} of them cancelled upstream`,
    },
    {
      name: `${strategy}: each call is counted`,
      holds: all.made === all.received && all.aborted === 0 && lossless.aborted <= lossless.saved,
      figures: `${all.made} told, ${all.received} received`,
    },
  ];
}

/** Whether stopping early is faster. */
export function timeCheck({ strategy, all, lossless }: Comparison): Check {
  return {
    name: `${strategy}: it is faster`,
    holds: timeAt(lossless, 0.5) < timeAt(all, 0.5),
    figures: `half of the questions in ${share(timeAt(lossless, 0.5) / timeAt(all, 0.5))} of the time`,
  };
}

/** The head of the table of both ways. */
export const comparisonHead = [
  "| strategy | waits for | calls begun | not needed | p50 | p95 |",
  "| --- | --- | ---: | ---: | ---: | ---: |",
];

/** Both ways as lines of a table: calls a question, and the time until the answer. */
export function comparisonLines({ strategy, all, lossless }: Comparison): readonly string[] {
  const line = (name: string, arm: Arm): string => {
    const calls = [arm.made, arm.saved].map((count) => (count / arm.latencies.length).toFixed(2));
    const times = [0.5, 0.95].map((quantile) => `${timeAt(arm, quantile).toFixed(0)} ms`);
    return `| ${[strategy, name, ...calls, ...times].join(" | ")} |`;
  };
  return [line("all", all), line("what can change the winner", lossless)];
}

function timeAt({ latencies }: Arm, quantile: number): number {
  return latencies[Math.floor(latencies.length * quantile)] ?? 0;
}

async function askAll(
  { synod, simulator }: SoakedSynod,
  preset: string,
  indices: readonly number[],
  { concurrency }: CompareOptions,
): Promise<Arm> {
  const { control } = simulator;
  // A model that is asked the same again may say something else.
  control.reset();
  const answers: { readonly answer: CompletionJson; readonly latencyMs: number }[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let place = next++; place < indices.length; place = next++) {
      const startedMs = performance.now();
      const body = question(losslessQuestion(indices[place] ?? 0), `synod/${preset}`);
      const answer = (await post(`${synod.url}/v1/chat/completions`, body)).json<CompletionJson>();
      answers[place] = { answer, latencyMs: performance.now() - startedMs };
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await until("nothing is open", () => control.stats().inFlight === 0);
  const sum = (pick: (answer: CompletionJson) => number): number =>
    answers.reduce((all, { answer }) => all + pick(answer), 0);
  const calls = Object.values(control.stats().models);
  return {
    winners: answers.map(({ answer }) => winnerOf(answer)),
    made: sum(({ consensus }) => consensus.calls.made),
    saved: sum(({ consensus }) => consensus.calls.saved),
    received: calls.reduce((all, { received }) => all + received, 0),
    aborted: calls.reduce((all, { aborted }) => all + aborted, 0),
    latencies: answers.map(({ latencyMs }) => latencyMs),
  };
}

function joined(arms: readonly Arm[]): Arm {
  const sum = (pick: (arm: Arm) => number): number => arms.reduce((all, arm) => all + pick(arm), 0);
  return {
    winners: arms.flatMap(({ winners }) => winners),
    made: sum(({ made }) => made),
    saved: sum(({ saved }) => saved),
    received: sum(({ received }) => received),
    aborted: sum(({ aborted }) => aborted),
    latencies: arms.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b),
  };
}

/** A sum of its own for each number from 0. */
function losslessQuestion(index: number): string {
  return `What is ${1_000 + index} + ${100 + ((index * 37) % 900)}?`;
}

/** The key that won: that of a member that is not among the dissent. */
function winnerOf({ consensus }: CompletionJson): string {
  const others = new Set(consensus.dissent.map(({ answer_key: key }) => key));
  return consensus.members.find(({ answer_key: key }) => key !== null && !others.has(key))?.answer_key ?? "";
}

const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
