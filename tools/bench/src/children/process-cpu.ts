import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of a clock tick in /proc/<pid>/stat: Linux tells user space 100 a second. */
const tickMs = 10;

/**
 * The CPU time of a process and all its descendants so far, in milliseconds.
 *
 * Linux: from /proc, exact where the kernel keeps scheduler statistics, else in steps of 10 ms. Elsewhere: from `ps`, in
 * steps of 10 ms.
 */
export function cpuMsOfTree(pid: number): number {
  const table = readTable();
  return treeIn(table, pid).reduce((sum, id) => sum + (table.get(id)?.cpuMs() ?? 0), 0);
}

/** The ids of a process and all its descendants, as far as they run. */
export function pidsOfTree(pid: number): readonly number[] {
  return treeIn(readTable(), pid);
}

type ProcessTable = ReadonlyMap<number, { readonly parent: number; readonly cpuMs: () => number }>;

function readTable(): ProcessTable {
  return process.platform === "linux" ? readProc() : readPs();
}

function treeIn(table: ProcessTable, pid: number): number[] {
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (!table.has(next)) continue;
    found.push(next);
    for (const [child, { parent }] of table) if (parent === next) queue.push(child);
  }
  return found;
}

function readProc(): ProcessTable {
  const table = new Map<number, { parent: number; cpuMs: () => number }>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? read(`/proc/${pid}/stat`) : undefined;
    if (stat === undefined) continue;
    // The second field is the program's name in brackets, which may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    table.set(pid, { parent: Number(fields[1]), cpuMs: () => schedulerMs(pid) ?? ticks * tickMs });
  }
  return table;
}

function schedulerMs(pid: number): number | undefined {
  let ns = 0;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(read(`/proc/${pid}/task/${task}/schedstat`)?.split(" ")[0] ?? 0);
    }
  } catch {
    return undefined; // it has just ended
  }
  return ns > 0 ? ns / 1e6 : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // it has just ended, or the kernel does not keep this
  }
}

function readPs(): ProcessTable {
  const table = new Map<number, { parent: number; cpuMs: () => number }>();
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,time="], { encoding: "utf8" }).split("\n");
  for (const line of lines) {
    const [pid, parent, time] = line.trim().split(/\s+/);
    if (pid === undefined || parent === undefined || time === undefined) continue;
    table.set(Number(pid), { parent: Number(parent), cpuMs: () => clockMs(time) });
  }
  return table;
}

/** Reads `[[days-]hours:]minutes:seconds[.fraction]`. */
function clockMs(time: string): number {
  const [clock = "", days = "0"] = time.split("-").toReversed();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1_000;
}
