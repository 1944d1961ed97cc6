import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Peer } from "./portkey.js";

/** How long the npm client may take, in milliseconds. */
const installWithinMs = 90_000;
/** How many lines of what it wrote are shown. */
const shownLines = 8;

// Nothing of the package may run while it is installed, and nothing beside the package is asked for.
const npmArgs = [
  "install",
  "--ignore-scripts",
  "--omit=dev",
  "--no-audit",
  "--no-fund",
  "--no-update-notifier",
  "--no-package-lock",
  "--loglevel=error",
];

/**
 * Installs a peer in a folder of its own, with the npm client and its settings.
 *
 * @param npm The npm client. For tests.
 * @throws Error that says why, when npm fails or the signal fires.
 */
export async function installPeer(
  peer: Peer,
  folder: string,
  signal: AbortSignal,
  npm = "npm",
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify(peer.manifest));
  const child = spawn(npm, [...npmArgs, "--prefix", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    signal: AbortSignal.any([signal, AbortSignal.timeout(installWithinMs)]),
    killSignal: "SIGKILL",
    env: settingsOfNpm(process.env),
  });
  const failed = (why: string): Error =>
    new Error(`${peer.name} ${peer.version} could not be installed: ${why}`);
  try {
    const [[code], written, said] = await Promise.all([
      once(child, "close"),
      text(child.stderr),
      text(child.stdout),
    ]);
    if (code === 0) return;
    throw failed(`npm ended with code ${String(code)}.\n${firstLines(written || said)}`);
  } catch (error) {
    // Its folder is removed next: it must not write there any more.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, "exit");
    if (!(error instanceof Error) || !["AbortError", "ENOENT"].includes(nameOf(error))) throw error;
    if (nameOf(error) === "ENOENT") throw failed(`there is no program "${npm}".`);
    signal.throwIfAborted();
    throw failed(`npm did not end in ${installWithinMs / 1_000} s.`);
  }
}

/** `npm run` tells its children about this workspace, which the peer is no part of. */
export function settingsOfNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours =
    /^npm_(package_|lifecycle_|command$|config_(local_prefix|workspaces?$|include_workspace_root$))/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

function firstLines(text: string): string {
  return text.trim().split("\n").slice(0, shownLines).join("\n");
}

function nameOf(error: Error): string {
  return "code" in error && error.code === "ENOENT" ? "ENOENT" : error.name;
}
