import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The command `synod`, as npm links it. */
export const synodBin = fileURLToPath(new URL("../../../node_modules/.bin/synod", import.meta.url));

/** How the command is called. */
export interface SynodOptions {
  /** Beside the path of this machine. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in. Nothing when unset. */
  readonly input?: string;
  /** The folder in which it is called. One without settings when unset. */
  readonly cwd?: string;
}

/** What came of a call. */
export interface SynodResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A call that is going on. */
export interface SynodCall {
  /** Presses Ctrl-C. */
  interrupt(): void;
  readonly result: Promise<SynodResult>;
}

/** Calls `synod` as a user would, in a process of its own. */
export function startSynod(args: readonly string[], options: SynodOptions = {}): SynodCall {
  const { env = {}, input = "", cwd = tmpdir() } = options;
  const child = spawn(synodBin, args, {
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  child.stdin.end(input);
  const result = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([out, err]) => ({ code: child.exitCode, out, err }),
  );
  return { interrupt: () => void child.kill("SIGINT"), result };
}

/** Gives a program a terminal; of Debian's bsdutils. */
const script = "/usr/bin/script";

/** Whether a call can be given a terminal. */
export const hasTerminals = existsSync(script);

/** Calls `synod` on a terminal of its own. What a person would see there comes as `out`. */
export function startSynodOnTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): SynodCall {
  const command = [synodBin, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const child = spawn(script, ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    cwd: tmpdir(),
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
  });
  const result = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([out, err]) => ({ code: child.exitCode, out, err }),
  );
  // The terminal makes a signal of the key.
  return { interrupt: () => void child.stdin.write("\x03"), result };
}

/** Calls `synod` and waits for its end. */
export function synod(args: readonly string[], options: SynodOptions = {}): Promise<SynodResult> {
  return startSynod(args, options).result;
}
