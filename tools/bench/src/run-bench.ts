import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "./children/synod.js";
import type { EarlyStopLine } from "./early-stop/early-stop-line.js";
import { earlyStopPresets, measureEarlyStops } from "./early-stop/measure-early-stop.js";
import { judge } from "./goals/judge.js";
import type { Line } from "./lines.js";
import { readMachine } from "./machine.js";
import { measureCell } from "./measure-cell.js";
import { installPeer } from "./peers/install-peer.js";
import { type Peer, portkey } from "./peers/portkey.js";
import type { Report } from "./report.js";
import type { Cell, Size } from "./rows/cell.js";
import { majorityCells, majorityPresets } from "./rows/majority.js";
import { passThroughCells } from "./rows/pass-through.js";
import { startField } from "./start-field.js";
import { measureAllStreams } from "./streams/measure-all.js";
import type { SubjectName } from "./streams/plan.js";
import type { StreamsLine } from "./streams/streams-line.js";

/** What a bench needs. */
export interface BenchOptions {
  readonly size: Size;
  /** Which Synods to measure. Both when unset. */
  readonly deployments?: readonly Deployment[];
  /** What to measure. Every row when unset. */
  readonly cells?: readonly Cell[];
  /** Whose open streams to measure. All when unset. */
  readonly subjects?: readonly SubjectName[];
  /** Whether early stops are measured. True when unset. */
  readonly earlyStops?: boolean;
  /** Who is measured beside Synod, if the size says so. Portkey when unset. */
  readonly peer?: Peer;
  /** After so many milliseconds no cell is begun any more; what is left out is reported. No limit when unset. */
  readonly lastCellAfterMs?: number;
  /** Ends the bench early; everything it started is stopped. */
  readonly signal: AbortSignal;
  /** Called with what is being done, for people. */
  readonly onProgress: (text: string) => void;
}

const allSubjects: readonly SubjectName[] = ["bare proxy", "upstream side", "all-in-one", "cluster"];

/**
 * Installs and starts everything, measures every cell and the open streams, stops everything, and removes what it wrote.
 *
 * Rejects when the signal fires, when the peer cannot be installed, and when the harness itself fails.
 */
export async function runBench(options: BenchOptions): Promise<Report> {
  const { size, signal, onProgress, peer = portkey } = options;
  const startedAt = new Date();
  const machine = readMachine();
  const stops: (() => Promise<void>)[] = [];
  const failures: string[] = [];
  const warnings: string[] = [];
  const lines: Line[] = [];
  const streams: StreamsLine[] = [];
  const earlyStops: EarlyStopLine[] = [];
  const folder = await mkdtemp(join(tmpdir(), "synod-bench-"));
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

  const hasTime = (what: string): boolean => {
    signal.throwIfAborted();
    if (Date.now() - startedAt.getTime() <= (options.lastCellAfterMs ?? Number.POSITIVE_INFINITY))
      return true;
    failures.push(`${what}: no time was left. Is the machine busy with something else?`);
    return false;
  };
  const onStarted = (stop: () => Promise<void>): void => void stops.push(stop);
  const onFailure = (failure: string): void => void failures.push(failure);
  const work = async (): Promise<void> => {
    const peerFolder = join(folder, "peer");
    if (size.peers) {
      onProgress(`installing ${peer.name} ${peer.version}`);
      await installPeer(peer, peerFolder, signal);
    }
    onProgress("starting the processes");
    const deployments = options.deployments ?? ["all-in-one", "cluster"];
    const field = await startField({
      folder,
      config: { presets: { ...majorityPresets(), ...earlyStopPresets() } },
      deployments,
      peer: size.peers ? { peer, folder: peerFolder } : undefined,
      onStarted,
      onFailure,
    });
    for (const cell of options.cells ?? [...passThroughCells(size), ...majorityCells(size)]) {
      if (!hasTime(`${cell.row}, ${cell.name}`)) continue;
      onProgress(`${cell.row}: ${cell.name}`);
      const result = await measureCell(field, cell, size.repeats);
      lines.push(...result.lines);
      failures.push(...result.failures);
      warnings.push(...result.warnings);
    }
    if (options.earlyStops !== false && hasTime("early stop")) {
      onProgress("early stop");
      const stopped = await measureEarlyStops(field, deployments, size);
      earlyStops.push(...stopped.lines);
      failures.push(...stopped.failures);
    }
    const result = await measureAllStreams(options.subjects ?? allSubjects, {
      size,
      crowds: { upstream: field.upstream, load: field.load, folder, onStarted },
      hasTime,
      onProgress,
    });
    streams.push(...result.lines);
    failures.push(...result.failures);
    warnings.push(...result.warnings);
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
    ...(size.peers && { peer: { name: peer.name, version: peer.version, differences: peer.differences } }),
    lines,
    streams,
    earlyStops,
    goals: judge({ lines, streams, earlyStops }),
    failures,
    warnings,
  };
}
