import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The two ways to run Synod. Every end-to-end suite runs against both. */
export const deployments = [
  { name: "one process", main: "services/all-in-one/dist/main.js" },
  { name: "five processes", main: "tools/dev/dist/cluster.js" },
] as const;

/** One of the two ways. */
export type DeploymentKind = (typeof deployments)[number];

/** A running Synod. */
export interface Deployment extends AsyncDisposable {
  /** HTTP/1.1. Example: `http://127.0.0.1:40123`. */
  readonly url: string;
  /** gRPC, as `host:port`. */
  readonly grpcAddress: string;
  readonly process: ChildProcess;
  /** Everything that it wrote so far. */
  output(): string;
  /** Sends SIGTERM and waits for the exit code. */
  stop(): Promise<number | null>;
}

/** What differs from a start without any setting. */
export interface DeploymentOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The configuration file. */
  readonly config?: unknown;
  readonly args?: readonly string[];
  /** How many descriptors its process may hold. As many as the machine allows when unset. */
  readonly maxFiles?: number;
}

const readyWithinMs = 40_000;

/** Starts Synod as a user would, in an empty folder and without any setting of this machine. */
export async function startDeployment(
  kind: DeploymentKind,
  options: DeploymentOptions = {},
): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), "synod-test-"));
  if (options.config !== undefined) {
    writeFileSync(join(folder, "synod.config.json"), JSON.stringify(options.config));
  }
  const command = [process.execPath, join(root, kind.main), ...(options.args ?? [])];
  const limited =
    options.maxFiles === undefined
      ? command
      : ["sh", "-c", `ulimit -n ${options.maxFiles} && exec "$@"`, "sh", ...command];
  const [program = "", ...args] = limited;
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], SYNOD_PORT: "0", SYNOD_GRPC_PORT: "0", ...options.env },
  });
  const exited = once(child, "exit");
  const ready = await awaitReady(child);
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
    return child.exitCode;
  };
  return {
    ...ready,
    process: child,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** What a process says when it is ready. */
export interface Ready {
  readonly url: string;
  readonly grpcAddress: string;
  /** Everything that it wrote so far. */
  output(): string;
}

/** Waits until a process says that it is ready. Throws with what it wrote when it ends or takes too long. */
export async function awaitReady(child: ChildProcess): Promise<Ready> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const match = /ready on (http:\/\/\S+).*gRPC on (\S+:\d+)/i.exec(output);
    if (match?.[1] !== undefined && match[2] !== undefined) {
      return { url: match[1], grpcAddress: match[2], output: () => output };
    }
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`Synod did not become ready. It wrote:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
