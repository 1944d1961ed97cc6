import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pidsOfTree } from "./process-cpu.js";

/** The memory of a process after its garbage was collected. */
export interface MemoryReading {
  /** How many readings the process wrote before this one. */
  readonly count: number;
  /** What it holds of the machine's memory. Buffers of the kernel, such as those of sockets, are not in it. */
  readonly rssBytes: number;
  /** Objects of JavaScript, and buffers outside of the heap that they hold. */
  readonly heapBytes: number;
}

/** How long all processes may take to collect their garbage, in milliseconds. */
const readWithinMs = 20_000;

/** What makes a Node process measurable: the option that loads the probe. Its readings go to `folder`. */
export function memoryProbe(folder: string): string {
  const probe = new URL("../../dist/children/memory-probe.js", import.meta.url);
  probe.searchParams.set("folder", folder);
  return `--import=${probe.href}`;
}

/**
 * The memory of a process and its descendants together, after each collected its garbage.
 *
 * Those that were started without the probe are left out. Throws when there is none with it, or one does not answer.
 */
export async function memoryOfTree(
  pid: number,
  folder: string,
): Promise<Pick<MemoryReading, "rssBytes" | "heapBytes">> {
  const pids = pidsOfTree(pid).filter((id) => existsSync(fileOf(folder, id)));
  if (pids.length === 0) throw new Error(`Process ${pid} does not say how much memory it uses.`);
  const readings = await Promise.all(pids.map((id) => readOne(id, folder)));
  return {
    rssBytes: readings.reduce((sum, reading) => sum + reading.rssBytes, 0),
    heapBytes: readings.reduce((sum, reading) => sum + reading.heapBytes, 0),
  };
}

async function readOne(pid: number, folder: string): Promise<MemoryReading> {
  const last = read(pid, folder);
  const deadline = performance.now() + readWithinMs;
  process.kill(pid, "SIGUSR2");
  for (;;) {
    const reading = read(pid, folder);
    if (reading.count > last.count) return reading;
    if (performance.now() > deadline) throw new Error(`Process ${pid} did not say how much memory it uses.`);
    await sleep(20);
  }
}

function read(pid: number, folder: string): MemoryReading {
  return JSON.parse(readFileSync(fileOf(folder, pid), "utf8")) as MemoryReading;
}

function fileOf(folder: string, pid: number): string {
  return join(folder, `memory-${pid}.json`);
}
