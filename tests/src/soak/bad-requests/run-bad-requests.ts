import type { Simulator } from "@synod/simulator";

import { get } from "../../harness/api.js";
import type { Deployment } from "../../harness/deployment.js";
import { openFiles, processesOf, residentBytes } from "../../harness/processes.js";
import { until } from "../../harness/until.js";
import type { Check } from "../judge-soak.js";
import { badBytes, badHttp } from "./bad-http.js";
import type { BadRequest } from "./bad-request.js";
import { badConnect, badGrpc } from "./bad-rpc.js";
import { faultOf } from "./judge-told.js";
import { createRandom, type Random } from "./random.js";
import { createSender, type Sender, type Told } from "./send.js";

/** How many bad requests are sent. */
export interface BadRequestOptions {
  readonly requests: number;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** Requests at once. */
  readonly concurrency: number;
}

/** What came of them. */
export interface BadRequestReport {
  /** How many were answered with which status, by kind. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What must not be, each with its request. */
  readonly faults: readonly string[];
  /** Answers that took longer than they may, each time they were asked. */
  readonly slow: readonly string[];
  /** The request that took the longest, on a machine that may have been busy with the others. */
  readonly slowest: string;
  readonly upstreamCalls: number;
  readonly residentBytes: number;
  readonly seconds: number;
  readonly checks: readonly Check[];
}

/** How long an answer may take, in milliseconds. */
const slowMs = 1_000;
/** So often a request is sent at most, alone: a machine that was busy is not so every time. */
const tries = 5;
/** When nobody waits any more. */
const hungMs = 30_000;

/** Where bad requests go. */
export interface BesiegedSynod {
  readonly synod: Deployment;
  readonly simulator: Simulator;
}

/** The environment of a Synod that is besieged. It logs defects alone. */
export const besiegedEnvironment = {
  OPENROUTER_API_KEY: "key-of-siege",
  GROQ_API_KEY: "key-of-siege",
  SYNOD_LOG_LEVEL: "error",
} as const;

/** Its configuration file. Groq tells its limits, for which good requests among the bad ones would wait: it is not asked. */
export function besiegedConfig({ openrouterUrl, groqUrl }: Simulator): object {
  const models = ["openrouter/acme/one", "other/acme-two", "openrouter/acme/three"];
  return {
    providers: {
      openrouter: { base_url: openrouterUrl },
      groq: { base_url: groqUrl },
      other: { kind: "openai", base_url: openrouterUrl },
    },
    presets: {
      default: { members: models.map((model) => ({ model })), aggregation: { strategy: "majority" } },
    },
  };
}

/** Sends bad requests over every wire, and looks whether anything broke, hung or was left. */
export async function runBadRequests(
  { synod, simulator }: BesiegedSynod,
  { requests, seed, concurrency }: BadRequestOptions,
): Promise<BadRequestReport> {
  const started = performance.now();
  const pids = processesOf(synod);
  const [filesBefore, outputBefore] = [openFiles(pids), synod.output().length];
  using sender = createSender(synod);
  const random = createRandom(seed);
  const answers: Record<string, Record<string, number>> = {};
  const faults: string[] = [];
  const suspects: BadRequest[] = [];
  let [slowestMs, slowest] = [0, ""];

  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < requests) {
      sent += 1;
      const bad = anyBad(random);
      const told = await sender.send(bad, hungMs);
      count(answers, bad, told);
      const fault = faultOf(bad, told);
      if (fault !== null) faults.push(`${fault}: ${shown(bad)} -> ${told.text}`);
      if (told.ms > slowMs) suspects.push(bad);
      if (told.ms > slowestMs) [slowestMs, slowest] = [told.ms, shown(bad)];
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const slow = await reallySlow(sender, suspects);

  const left = await leftovers({ synod, simulator });
  const defects = synod
    .output()
    .slice(outputBefore)
    .split("\n")
    .filter((line) => line.includes('"level":"error"'));
  const healthy = (await get(`${synod.url}/readyz`)).status === 200;
  const files = openFiles(pids) - filesBefore;
  return {
    answers,
    faults,
    slow,
    slowest,
    upstreamCalls: simulator.control.ledger({ endpoint: "chat" }).length,
    residentBytes: residentBytes(pids),
    seconds: (performance.now() - started) / 1_000,
    checks: [
      {
        name: "no answer blames Synod",
        holds: faults.length === 0,
        figures: `${faults.length} of ${requests}`,
      },
      {
        name: "none takes over a second",
        holds: slow.length === 0,
        figures: `${slow.length}; the slowest took ${Math.round(slowestMs)} ms among ${concurrency} at once`,
      },
      {
        name: "nothing is left",
        holds: left.length === 0,
        figures: left.join(", ") || "no call, no run, no stream",
      },
      { name: "no defect is logged", holds: defects.length === 0, figures: defects[0] ?? "none" },
      { name: "it is ready as before", holds: healthy && files < 200, figures: `${files} descriptors more` },
    ],
  };
}

const anyBad = (random: Random): BadRequest =>
  random.pick([badHttp, badHttp, badHttp, badConnect, badConnect, badGrpc, badBytes])(random);

function count(answers: Record<string, Record<string, number>>, bad: BadRequest, told: Told): void {
  const kind = (answers[bad.kind] ??= {});
  const answer = told.grpcStatus === undefined ? String(told.status) : `gRPC ${told.grpcStatus}`;
  kind[answer] = (kind[answer] ?? 0) + 1;
}

/** Those that take too long even when they are sent alone, several times. */
async function reallySlow(sender: Sender, suspects: readonly BadRequest[]): Promise<readonly string[]> {
  const slow: string[] = [];
  for (const bad of suspects) {
    let fastest = Infinity;
    for (let tried = 0; tried < tries && fastest > slowMs; tried += 1) {
      fastest = Math.min(fastest, (await sender.send(bad, hungMs)).ms);
    }
    if (fastest > slowMs) slow.push(`${Math.round(fastest)} ms: ${shown(bad)}`);
  }
  return slow;
}

/** What goes on although every request is answered, once it has had a while to end. */
async function leftovers({ synod, simulator }: BesiegedSynod): Promise<readonly string[]> {
  const look = async (): Promise<readonly string[]> => {
    const { data } = (await get(`${synod.url}/v1/runs?status=running`)).json<{ data: readonly unknown[] }>();
    const calls = simulator.control.stats().inFlight;
    const { text } = await get(`${synod.url}/metrics`);
    const rpcs = [...text.matchAll(/^synod_rpc_calls_in_flight\{[^}]*ChatService[^}]*\} (\d+)/gm)]
      .map(([, value]) => Number(value))
      .reduce((sum, value) => sum + value, 0);
    return [
      ...(calls > 0 ? [`${calls} upstream calls`] : []),
      ...(data.length > 0 ? [`${data.length} runs`] : []),
      ...(rpcs > 0 ? [`${rpcs} RPCs`] : []),
    ];
  };
  let left: readonly string[] = [];
  const isQuiet = async () => (left = await look()).length === 0;
  await until("nothing is left", isQuiet, 5_000).catch(() => undefined);
  return left;
}

function shown({ kind, wire, method, path, headers, body }: BadRequest): string {
  const text =
    body.length > 400 ? `${body.subarray(0, 400).toString()}… (${body.length} bytes)` : body.toString();
  return `${kind} over ${wire}: ${method} ${path.slice(0, 80)} ${JSON.stringify(headers)} ${JSON.stringify(text)}`;
}
