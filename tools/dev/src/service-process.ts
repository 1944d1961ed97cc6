import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { isProviderKeyVariable } from "@synod/settings";

/** One process of the cluster. */
export interface ServiceSpec {
  /** The name of its folder in `services/`. */
  readonly service: string;
  readonly grpcPort: number;
  readonly webPort: number;
  /** Environment beside the launcher's own. */
  readonly env: Readonly<Record<string, string>>;
}

/** Who is told what becomes of a process. */
export interface ProcessWatch {
  /** It was started, maybe not for the first time: a line that says what and where it is. */
  readonly started: (line: string) => void;
  /** It died too often and is not started again. */
  readonly givenUp: (service: string) => void;
}

/** How long a process may take to be ready, in milliseconds. */
const readyWithinMs = 30_000;
/** How long a process may take to stop before it is ended by force, in milliseconds: the drain and some more. */
const stopWithinMs = 30_000;
/** How often a process that dies by itself is started again. */
const maxRestarts = 10;
const restartDelayMs = 250;
/** The exit code of a service that cannot use its settings: starting it again would not help. */
const wrongSettings = 2;

/** A service as a process of its own, which is started again when it dies unasked. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private restarts = 0;

  constructor(
    readonly spec: ServiceSpec,
    private readonly watch: ProcessWatch,
  ) {}

  /** Where it serves HTTP/1.1. */
  get webUrl(): string {
    return `http://127.0.0.1:${this.spec.webPort}`;
  }

  start(): void {
    const main = fileURLToPath(
      new URL(`../../../services/${this.spec.service}/dist/main.js`, import.meta.url),
    );
    // A process group of its own: Ctrl-C reaches the launcher alone, which stops the services in their order. The
    // channel tells the service when the launcher is gone.
    const child = spawn(process.execPath, [main], {
      detached: true,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: {
        ...inherited(this.spec.service),
        ...this.spec.env,
        SYNOD_GRPC_PORT: String(this.spec.grpcPort),
        SYNOD_PORT: String(this.spec.webPort),
      },
    });
    this.child = child;
    const { service, grpcPort, webPort } = this.spec;
    this.watch.started(
      `  ${service.padEnd(17)} gRPC 127.0.0.1:${grpcPort}  HTTP 127.0.0.1:${webPort}  pid ${child.pid}`,
    );
    child.once("exit", (code) => {
      this.child = undefined;
      if (this.stopping) return;
      this.restarts = code === wrongSettings ? Infinity : this.restarts + 1;
      if (this.restarts > maxRestarts) this.watch.givenUp(this.spec.service);
      else setTimeout(() => !this.stopping && this.start(), restartDelayMs);
    });
  }

  /** Resolves when it is ready to serve. */
  async ready(): Promise<void> {
    const deadline = performance.now() + readyWithinMs;
    while (!(await answers(`${this.webUrl}/readyz`))) {
      if (this.stopping || this.restarts > maxRestarts || performance.now() > deadline) {
        throw new Error(
          `${this.spec.service} did not become ready on ${this.webUrl}. Its log above says why.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    this.restarts = 0;
  }

  /** Asks it to stop and waits until it has. True when it ended by itself with exit code 0. */
  async stop(): Promise<boolean> {
    this.stopping = true;
    const child = this.child;
    if (child === undefined) return true;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
    await exited;
    clearTimeout(force);
    return child.exitCode === 0;
  }
}

/** The launcher's environment. Only the provider gateway gets the providers' keys. */
function inherited(service: string): Record<string, string | undefined> {
  const isFor = (name: string): boolean =>
    isProviderKeyVariable(name)
      ? service === "provider-gateway"
      : name !== "SYNOD_DATABASE_URL" || service === "chat-gateway";
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isFor(name)));
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false; // not listening yet
  }
}
