import { readdirSync, readFileSync } from "node:fs";

import type { Deployment } from "./deployment.js";

/** The processes of a deployment: its own, and those that it started. */
export function processesOf({ process: { pid = 0 } }: Deployment): readonly number[] {
  const children = readdirSync("/proc")
    .map(Number)
    .filter((id) => Number.isInteger(id) && parentOf(id) === pid);
  return [pid, ...children];
}

/** The process that carries out a deployment's runs. */
export function gatewayOf(synod: Deployment): number {
  const isGateway = (pid: number): boolean =>
    /(all-in-one|chat-gateway)\/dist\/main/.test(read(pid, "cmdline"));
  const pid = processesOf(synod).find(isGateway);
  if (pid === undefined) throw new Error("no gateway runs");
  return pid;
}

/** What the processes hold in memory, in bytes. One that is gone holds nothing. */
export function residentBytes(pids: readonly number[]): number {
  const kibibytes = pids.map((pid) => Number(/^VmRSS:\s+(\d+)/m.exec(read(pid, "status"))?.[1] ?? 0));
  return kibibytes.reduce((sum, each) => sum + each, 0) * 1024;
}

/** How many descriptors the processes hold open. */
export function openFiles(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + unlessGone([], () => readdirSync(`/proc/${pid}/fd`)).length, 0);
}

function parentOf(pid: number): number {
  // The name before it may hold anything, a bracket as well.
  const stat = read(pid, "stat");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

function read(pid: number, name: string): string {
  return unlessGone("", () => readFileSync(`/proc/${pid}/${name}`, "utf8"));
}

function unlessGone<Value>(otherwise: Value, look: () => Value): Value {
  try {
    return look();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ESRCH") return otherwise;
    throw error;
  }
}
