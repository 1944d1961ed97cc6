import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The two ways to run Synod. */
export type Deployment = "all-in-one" | "cluster";

const programs: Readonly<Record<Deployment, string>> = {
  "all-in-one": "services/all-in-one/dist/main.js",
  cluster: "tools/dev/dist/cluster.js",
};

/** How long it may take to be ready, and to stop before it is ended by force, in milliseconds. */
const readyWithinMs = 40_000;
const stopWithinMs = 35_000;
/** How much of its log is shown when it does not start. */
const shownChars = 2_000;

/** What Synod is started with. */
export interface SynodOptions {
  readonly deployment: Deployment;
  /** A folder of the bench's own: configuration, data and log go there. */
  readonly folder: string;
  /** The upstream's origin. */
  readonly upstreamUrl: string;
  /** The configuration file. */
  readonly config: unknown;
  /** Options of Node for all its processes. None when unset. */
  readonly nodeOptions?: string;
  /** Takes what must be stopped in the end, as soon as it runs. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

/** A running Synod. */
export interface RunningSynod {
  /** Its first process; the others are its descendants. */
  readonly pid: number;
  readonly url: string;
}

/**
 * Starts Synod as a user would, logging and metrics on, with the bench's upstream as its only provider.
 *
 * Nothing of this machine's environment reaches it: a real key must not be used here. Throws when it is not built or
 * does not become ready.
 */
export async function startSynod(options: SynodOptions): Promise<RunningSynod> {
  const program = fileURLToPath(new URL(`../../../../${programs[options.deployment]}`, import.meta.url));
  if (!existsSync(program))
    throw new Error(`${programs[options.deployment]} is not built. Run npm run build.`);
  const folder = join(options.folder, options.deployment);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "synod.config.json"), JSON.stringify(options.config));
  const logPath = join(folder, "log.txt");
  const log = openSync(logPath, "w");
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    // The channel tells it when the bench is gone.
    stdio: ["ignore", log, log, "ipc"],
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "production",
      ...(options.nodeOptions === undefined ? {} : { NODE_OPTIONS: options.nodeOptions }),
      SYNOD_PORT: "0",
      SYNOD_GRPC_PORT: "0",
      OPENROUTER_BASE_URL: `${options.upstreamUrl}/api/v1`,
      OPENROUTER_API_KEY: "bench",
    },
  });
  closeSync(log);
  const exited = once(child, "exit");
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (ended()) return;
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
    await exited;
    clearTimeout(force);
  };
  options.onStarted(stop);

  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const text = readFileSync(logPath, "utf8");
    const url = /ready on (http:\/\/[^\s"]+)/i.exec(text)?.[1];
    if (url !== undefined) return { pid: child.pid ?? 0, url };
    if (ended() || performance.now() > deadline) {
      await stop();
      throw new Error(
        `Synod (${options.deployment}) did not become ready. It wrote:\n${text.slice(-shownChars)}`,
      );
    }
    await sleep(25);
  }
}
