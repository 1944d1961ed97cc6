import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChildMessage } from "../children/protocol.js";
import { within } from "../children/worker.js";
import type { RunningVariant } from "../field.js";
import type { Peer } from "./portkey.js";

/** How long it may take to listen, in milliseconds. */
const readyWithinMs = 20_000;
/** How much of its log is shown when it does not start. */
const shownChars = 2_000;

/** What a peer is started with. */
export interface PeerOptions {
  /** Where it is installed. */
  readonly folder: string;
  /** The upstream's origin. */
  readonly upstreamUrl: string;
  /** Takes what must be stopped in the end, as soon as it runs. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

/** Starts an installed peer on a free loopback port, without this machine's environment. Throws when it does not listen. */
export async function startPeer(peer: Peer, options: PeerOptions): Promise<RunningVariant> {
  const preload = new URL("../../dist/children/loopback-preload.js", import.meta.url);
  const logPath = join(options.folder, "log.txt");
  const log = openSync(logPath, "w");
  const child = spawn(
    process.execPath,
    ["--import", preload.href, join(options.folder, peer.program), ...peer.args],
    {
      cwd: options.folder,
      // The channel tells it when the bench is gone.
      stdio: ["ignore", log, log, "ipc"],
      env: { PATH: process.env["PATH"], NODE_ENV: "production" },
    },
  );
  closeSync(log);
  const exited = once(child, "exit");
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await exited;
  };
  options.onStarted(stop);

  const listening = new Promise<string>((resolve, reject) => {
    child.once("message", (message: ChildMessage) => resolve(message.kind === "ready" ? message.url : ""));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`It ended with code ${code}.`)));
  });
  try {
    const url = await within(readyWithinMs, "It did not listen.", listening);
    return {
      url: `${url}/v1/chat/completions`,
      headers: peer.headers(options.upstreamUrl),
      pid: child.pid ?? 0,
    };
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message : String(error);
    const written = readFileSync(logPath, "utf8").slice(-shownChars);
    throw new Error(`${peer.name} ${peer.version} did not start. ${why} It wrote:\n${written}`, {
      cause: error,
    });
  }
}
