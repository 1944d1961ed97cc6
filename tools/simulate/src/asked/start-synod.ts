import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Simulator } from "@synod/simulator";

/** The two ways to run Synod. */
export const deployments = {
  "one process": "services/all-in-one/dist/main.js",
  "five processes": "tools/dev/dist/cluster.js",
} as const;

/** One of the two ways. */
export type DeploymentName = keyof typeof deployments;

/** A running Synod. */
export interface RunningSynod extends AsyncDisposable {
  /** Example: `http://127.0.0.1:40123`. */
  readonly url: string;
}

const readyWithinMs = 60_000;

/**
 * Starts Synod in an empty folder, with a simulator as its only provider, reached as OpenRouter is. Nothing of this
 * machine's settings reaches it. Throws with what it wrote when it ends or takes too long.
 */
export async function startSynod(
  name: DeploymentName,
  simulator: Simulator,
  config: object,
): Promise<RunningSynod> {
  const program = fileURLToPath(new URL(`../../../../${deployments[name]}`, import.meta.url));
  if (!existsSync(program)) throw new Error(`${deployments[name]} is not built. Run npm run build.`);
  const folder = mkdtempSync(join(tmpdir(), "synod-simulate-"));
  writeFileSync(join(folder, "synod.config.json"), JSON.stringify(config));
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      SYNOD_PORT: "0",
      SYNOD_GRPC_PORT: "0",
      SYNOD_LOG_LEVEL: "error",
      OPENROUTER_BASE_URL: simulator.openrouterUrl,
      OPENROUTER_API_KEY: "sk-or-v1-simulated",
    },
  });
  const exited = once(child, "exit");
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
    rmSync(folder, { recursive: true });
  };
  let output = "";
  const url = await new Promise<string | null>((resolve) => {
    const late = setTimeout(() => resolve(null), readyWithinMs);
    const done = (found: string | null): void => {
      clearTimeout(late);
      resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const ready = /ready on (http:\/\/\S+)/i.exec(output)?.[1];
        if (ready !== undefined) done(ready);
      });
    }
    child.once("exit", () => done(null));
  });
  if (url !== null) return { url, [Symbol.asyncDispose]: stop };
  await stop();
  throw new Error(`Synod (${name}) did not become ready. It wrote:\n${output}`);
}
