import type { LedgerCall, Simulator } from "@synod/simulator";

import { askModel } from "../harness/ask-model.js";
import type { Deployment } from "../harness/deployment.js";
import { inspectable, liveBytes } from "../harness/live-memory.js";
import { providerMetric } from "../harness/metrics.js";
import { openFiles, processesOf, residentBytes } from "../harness/processes.js";
import { until } from "../harness/until.js";
import type { SoakOptions } from "./args.js";
import { judgeAnswer, type SoakOutcome } from "./check-answer.js";
import { panelName, soakQuestion, type SoakQuestion } from "./questions.js";
import { randomRules } from "./random-faults.js";

/** One of ten parts of a soak, after which nothing is going on. */
export interface SoakLeg {
  readonly questions: number;
  readonly answered: number;
  /** How often each code came. */
  readonly failed: Readonly<Record<string, number>>;
  /** What must not be, one line each. */
  readonly wrong: readonly string[];
  /** Questions without an answer in time. */
  readonly hung: number;
  /** Calls that the upstream counted, and calls that Synod says it started. */
  readonly upstreamCalls: number;
  readonly reportedCalls: number;
  /** Calls with a fault. */
  readonly faulty: number;
  /** Upstream calls that were still open when every question was over. */
  readonly leftOpen: number;
  /** What all of Synod's processes together hold in heaps and buffers, garbage left out. */
  readonly liveBytes: number;
  /** What they hold of the machine's memory then. */
  readonly residentBytes: number;
  readonly openFiles: number;
  /** How many processes of Synod's these are. */
  readonly processes: number;
  readonly seconds: number;
}

/** What a soak runs against. */
export interface SoakedSynod {
  readonly synod: Deployment;
  readonly simulator: Simulator;
}

const legs = 10;
/** Longer than any question may take: the total timer of a member and of its fallback, and what a busy machine adds. */
const hungAfterMs = 60_000;

/** How fast simulated models answer. */
export const soakLatency = { medianMs: 20, sigma: 0.5 } as const;

/** The environment of a Synod that is soaked. */
export const soakedEnvironment = {
  OPENROUTER_API_KEY: "key-of-soak",
  GROQ_API_KEY: "key-of-soak",
  SYNOD_LOG_LEVEL: "error",
  ...inspectable,
} as const;

/** The configuration file of a Synod that is soaked: short timers, so that silence ends soon. */
export function soakConfig(simulator: Simulator): object {
  const timers = { first_token_timeout_ms: 1_000, idle_timeout_ms: 1_000, total_timeout_ms: 8_000 };
  return {
    providers: {
      openrouter: { base_url: simulator.openrouterUrl, ...timers, breaker_open_ms: 500 },
      groq: { base_url: simulator.groqUrl, ...timers, breaker_open_ms: 500 },
    },
    presets: {
      [panelName]: {
        members: [{ model: "openrouter/acme/member", fallbacks: ["groq/acme-fallback"] }],
        aggregation: { strategy: "majority" },
        stop_early: "off",
      },
    },
  };
}

/** Asks the questions in ten legs, and reports each as soon as it is over. */
export async function runSoak(
  soaked: SoakedSynod,
  options: SoakOptions,
  onLeg: (leg: SoakLeg, index: number) => void = () => undefined,
): Promise<readonly SoakLeg[]> {
  const done: SoakLeg[] = [];
  for (let index = 0; index < legs; index += 1) {
    const from = Math.round((index * options.calls) / legs);
    const to = Math.round(((index + 1) * options.calls) / legs);
    const leg = await runLeg(soaked, { ...options, seed: options.seed + index * 1_000 }, from, to);
    done.push(leg);
    onLeg(leg, index);
  }
  return done;
}

async function runLeg(
  { synod, simulator }: SoakedSynod,
  { faults, seed, concurrency }: SoakOptions,
  from: number,
  to: number,
): Promise<SoakLeg> {
  const { control } = simulator;
  control.reset();
  control.setFaults(randomRules(faults, seed));
  const startedAt = performance.now();
  const reportedBefore = await providerMetric(synod, "synod_upstream_attempts_total");

  const asked: AskedQuestion[] = [];
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) asked.push(await ask(synod.url, soakQuestion(next++)));
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const isQuiet = () => control.stats().inFlight === 0;
  const leftOpen = await until("nothing is open", isQuiet, 5_000).then(
    () => 0,
    () => control.stats().inFlight,
  );

  const calls = control.ledger({ endpoint: "chat" });
  const outcomes = judgeAll(asked, calls);
  const live = await liveBytes(synod);
  const pids = processesOf(synod);
  const failed: Record<string, number> = {};
  for (const outcome of outcomes) {
    if (outcome.kind === "failed") failed[outcome.code] = (failed[outcome.code] ?? 0) + 1;
  }
  return {
    questions: to - from,
    answered: outcomes.filter(({ kind }) => kind === "answered").length,
    failed,
    wrong: outcomes.flatMap((outcome) => (outcome.kind === "wrong" ? [outcome.why] : [])),
    hung: asked.filter(({ told }) => told === undefined).length,
    upstreamCalls: calls.length,
    reportedCalls: (await providerMetric(synod, "synod_upstream_attempts_total")) - reportedBefore,
    faulty: calls.filter((call) => call.faults.length > 0).length,
    leftOpen,
    liveBytes: live,
    residentBytes: residentBytes(pids),
    openFiles: openFiles(pids),
    processes: pids.length,
    seconds: (performance.now() - startedAt) / 1_000,
  };
}

interface AskedQuestion {
  readonly question: SoakQuestion;
  /** Undefined when nothing came in time. An error when the connection broke. */
  readonly told: Awaited<ReturnType<typeof askModel>> | Error | undefined;
}

async function ask(url: string, question: SoakQuestion): Promise<AskedQuestion> {
  const { text, model, stream } = question;
  const signal = AbortSignal.timeout(hungAfterMs);
  try {
    return { question, told: await askModel(url, model, { text, stream, signal }) };
  } catch (error) {
    if (signal.aborted) return { question, told: undefined };
    return { question, told: error instanceof Error ? error : new Error(String(error)) };
  }
}

function judgeAll(asked: readonly AskedQuestion[], calls: readonly LedgerCall[]): readonly SoakOutcome[] {
  const byQuestion = new Map<string, LedgerCall[]>();
  for (const call of calls) {
    const text = textOf(call);
    byQuestion.set(text, [...(byQuestion.get(text) ?? []), call]);
  }
  return asked.flatMap(({ question, told }): readonly SoakOutcome[] => {
    if (told === undefined) return [];
    const wrong = (why: string): readonly SoakOutcome[] => [
      { kind: "wrong", why: `${question.model}, ${question.stream ? "streamed" : "unary"}: ${why}` },
    ];
    if (told instanceof Error) return wrong(`the connection broke: ${told.message}`);
    const own = byQuestion.get(question.text) ?? [];
    const outcome = judgeAnswer(question, told, own);
    if (outcome.kind === "wrong")
      return wrong(`${outcome.why} (${own.flatMap(({ faults }) => faults).join(", ")})`);
    const made = /"calls":\{"made":(\d+)/.exec(told.raw)?.[1];
    if (made !== undefined && Number(made) !== own.length) {
      return wrong(`it says that ${made} calls were made, and there were ${own.length}`);
    }
    return [outcome];
  });
}

function textOf(call: LedgerCall): string {
  const { messages } = call.body as { readonly messages?: readonly { readonly content: string }[] };
  return messages?.[0]?.content ?? "";
}
