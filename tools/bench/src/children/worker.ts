import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AskMessage, Asks, ChildMessage } from "./protocol.js";

/** The programs in `workers/`. */
export type WorkerName = "upstream" | "bare-proxy" | "fan-out" | "load" | "provider-streams";

/** How long a child may take to start, or to answer, in milliseconds. */
const startWithinMs = 15_000;
const answerWithinMs = 60_000;

/** A child process of the bench's own. */
export interface Worker {
  readonly pid: number;
  /** Where it listens, or empty. */
  readonly url: string;
  /** Asks it. Rejects when it fails, ends, or says nothing for a minute. */
  ask<K extends keyof Asks>(ask: K, question: Asks[K]["question"]): Promise<Asks[K]["answer"]>;
  stop(): Promise<void>;
}

/** Starts one of the programs in `workers/` as a child process. They must be built. */
export async function startWorker(
  name: WorkerName,
  args: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Promise<Worker> {
  // Written so that it finds the built program from `src` (tests) as well as from `dist`.
  const program = fileURLToPath(new URL(`../../dist/workers/${name}.js`, import.meta.url));
  const child = fork(program, [...args], { execArgv: [...nodeOptions], env: { PATH: process.env["PATH"] } });
  const pending = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  child.on("exit", () => {
    for (const { reject } of pending.values()) reject(new Error(`The bench's ${name} process ended.`));
  });
  const url = await within(
    startWithinMs,
    `The bench's ${name} process did not start.`,
    firstWord(child, name),
  );
  child.on("message", (message: ChildMessage) => {
    if (message.kind === "ready") return;
    const asked = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === "answer") asked?.resolve(message.answer);
    else asked?.reject(new Error(message.message));
  });

  let lastId = 0;
  return {
    pid: child.pid ?? 0,
    url,
    ask: async <K extends keyof Asks>(ask: K, question: Asks[K]["question"]): Promise<Asks[K]["answer"]> => {
      const id = ++lastId;
      const answer = new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
      child.send({ id, ask, question } satisfies AskMessage, (error) => {
        if (error !== null) pending.get(id)?.reject(error);
      });
      return (await within(
        answerWithinMs,
        `The ${name} process did not answer.`,
        answer,
      )) as Asks[K]["answer"];
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function firstWord(child: ChildProcess, name: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    child.once("message", (message: ChildMessage) => resolve(message.kind === "ready" ? message.url : ""));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The bench's ${name} process ended with code ${code}.`)));
  });
}

/** Rejects with the message when the promise takes longer. */
export async function within<T>(timeoutMs: number, message: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} (waited ${timeoutMs} ms)`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
