import { setTimeout as sleep } from "node:timers/promises";
import { cpuMsOfTree } from "./children/process-cpu.js";
import type { Field, RunningVariant } from "./field.js";
import type { LoadPlan } from "./load/plan.js";
import type { Cell, VariantName } from "./rows/cell.js";
import { percentile } from "./stats.js";

/** One measurement of one variant. Times in milliseconds; CPU in milliseconds per request. */
export interface Sample {
  readonly p50: number;
  readonly p99: number;
  /** Median time to the first token; null when nothing streamed. */
  readonly firstToken: number | null;
  readonly perSecond: number;
  readonly peak: number;
  /** Of the variant's own processes; null for `direct`. */
  readonly cpu: number | null;
  readonly clientCpu: number;
  readonly upstreamCpu: number;
  /** Upstream calls per request. */
  readonly upstreamCalls: number;
}

/** Thrown when a variant did not answer as it must. */
export class MeasureError extends Error {}

const warmUpAtOnce = 32;
const countsWithinMs = 10_000;

/** Runs requests that are not measured: enough at once that slow ones take little time. */
export async function warmUp(field: Field, cell: Cell, variant: VariantName, count: number): Promise<void> {
  await run(field, variant, { ...planOf(field, cell, variant, count), pace: { atOnce: warmUpAtOnce } });
}

/** Measures one variant once. Throws `MeasureError` when a request failed. */
export async function measure(field: Field, cell: Cell, variant: VariantName): Promise<Sample> {
  // Connections of a variant that was idle meanwhile are closed by now.
  if ("atOnce" in cell.pace) await run(field, variant, planOf(field, cell, variant, cell.pace.atOnce));
  await quiet(field);

  const { pid } = variantOf(field, variant);
  const cpu = (): readonly number[] => [field.load.pid, field.upstream.pid, pid ?? 0].map((id) => cpuOf(id));
  const callsBefore = (await field.upstream.ask("counts", null)).received;
  const cpuBefore = cpu();
  const result = await run(field, variant, planOf(field, cell, variant, cell.count));
  const cpuAfter = cpu();
  const count = result.latenciesMs.length;
  const [client = 0, upstream = 0, own = 0] = cpuAfter.map((ms, i) => (ms - (cpuBefore[i] ?? 0)) / count);
  const callsAfter = (await field.upstream.ask("counts", null)).received;

  return {
    p50: percentile(result.latenciesMs, 0.5),
    p99: percentile(result.latenciesMs, 0.99),
    firstToken: cell.stream ? percentile(result.firstTokensMs, 0.5) : null,
    perSecond: (count / result.wallMs) * 1_000,
    peak: result.peak,
    cpu: pid === undefined ? null : own,
    clientCpu: client,
    upstreamCpu: upstream,
    upstreamCalls: (callsAfter - callsBefore) / count,
  };
}

async function run(field: Field, variant: VariantName, plan: LoadPlan) {
  const result = await field.load.ask("load", plan);
  if (result.failed > 0) {
    throw new MeasureError(
      `${variant}: ${result.failed} of ${plan.count} requests failed; the first ${result.firstFailure}`,
    );
  }
  return result;
}

/** Waits until the upstream is done with what others left behind. */
async function quiet(field: Field): Promise<void> {
  const deadline = performance.now() + countsWithinMs;
  for (;;) {
    const { received, finished, aborted } = await field.upstream.ask("counts", null);
    if (received === finished + aborted) return;
    if (performance.now() > deadline) throw new MeasureError("The upstream did not become quiet.");
    await sleep(5);
  }
}

function planOf(field: Field, cell: Cell, variant: VariantName, count: number): LoadPlan {
  const body = cell.bodies[variant];
  if (body === undefined) throw new MeasureError(`"${cell.name}" has nothing to ask ${variant}.`);
  const { url, headers = {} } = variantOf(field, variant);
  return { url, headers, body, stream: cell.stream, expect: `42"`, count, pace: cell.pace };
}

function variantOf(field: Field, variant: VariantName): RunningVariant {
  const running = field.variants.get(variant);
  if (running === undefined) throw new MeasureError(`${variant} does not run.`);
  return running;
}

function cpuOf(pid: number): number {
  return pid === 0 ? 0 : cpuMsOfTree(pid);
}
