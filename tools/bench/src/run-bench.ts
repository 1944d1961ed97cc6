import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "./children/synod.js";
import { judge } from "./goals.js";
import type { Line } from "./lines.js";
import { readMachine } from "./machine.js";
import { measureCell } from "./measure-cell.js";
import type { Report } from "./report.js";
import type { Cell, Size } from "./rows/cell.js";
import { majorityCells, majorityConfig } from "./rows/majority.js";
import { passThroughCells } from "./rows/pass-through.js";
import { startField } from "./start-field.js";

/** What a bench needs. */
export interface BenchOptions {
  readonly size: Size;
  /** Which Synods to measure. Both when unset. */
  readonly deployments?: readonly Deployment[];
  /** What to measure. Every row when unset. */
  readonly cells?: readonly Cell[];
  /** After so many milliseconds no cell is begun any more; what is left out is reported. No limit when unset. */
  readonly lastCellAfterMs?: number;
  /** Ends the bench early; everything it started is stopped. */
  readonly signal: AbortSignal;
  /** Called with what is being done, for people. */
  readonly onProgress: (text: string) => void;
}

/** Starts everything, measures every cell, and stops everything. Rejects when the signal fires or the harness itself fails. */
export async function runBench(options: BenchOptions): Promise<Report> {
  const { size, signal, onProgress } = options;
  const startedAt = new Date();
  const machine = readMachine();
  const stops: (() => Promise<void>)[] = [];
  const failures: string[] = [];
  const warnings: string[] = [];
  const lines: Line[] = [];
  const folder = await mkdtemp(join(tmpdir(), "synod-bench-"));
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

  const work = async (): Promise<void> => {
    onProgress("starting the processes");
    const field = await startField({
      folder,
      config: majorityConfig(),
      deployments: options.deployments ?? ["all-in-one", "cluster"],
      onStarted: (stop) => stops.push(stop),
      onFailure: (failure) => failures.push(failure),
    });
    for (const cell of options.cells ?? [...passThroughCells(size), ...majorityCells(size)]) {
      signal.throwIfAborted();
      if (Date.now() - startedAt.getTime() > (options.lastCellAfterMs ?? Number.POSITIVE_INFINITY)) {
        failures.push(
          `${cell.row}, ${cell.name}: no time was left. Is the machine busy with something else?`,
        );
        continue;
      }
      onProgress(`${cell.row}: ${cell.name}`);
      const result = await measureCell(field, cell, size.repeats);
      lines.push(...result.lines);
      failures.push(...result.failures);
      warnings.push(...result.warnings);
    }
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  };
  const working = work();
  try {
    await Promise.race([working, stopped]);
  } finally {
    onProgress("stopping the processes");
    await stopAll();
    // Interrupted while it started them, it may have started more; with the rest gone it ends soon.
    await Promise.allSettled([working]);
    await stopAll();
    await rm(folder, { recursive: true, force: true });
  }
  return {
    startedAt: startedAt.toISOString(),
    quick: size.quick,
    repeats: size.repeats,
    tookSeconds: (Date.now() - startedAt.getTime()) / 1_000,
    machine,
    lines,
    goals: judge(lines),
    failures,
    warnings,
  };
}
