import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A language that examples of ChatService are written in. */
export interface Language {
  readonly name: "python" | "go";
  /** Why its examples cannot run; null when they can. */
  readonly missing: string | null;
  /** Runs an example. */
  run(args: readonly string[]): Promise<Ended>;
}

/** What an example wrote, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

interface State {
  readonly missing: string | null;
  readonly run: {
    readonly command: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
  };
}

/** A language as the set-up (`node tools/dev/set-up.mjs --tests`) has left it. */
export function languageOf(name: Language["name"]): Language {
  const path = fileURLToPath(new URL(`../../../.nx/clients/${name}.json`, import.meta.url));
  if (!existsSync(path)) {
    const missing = "run `node tools/dev/set-up.mjs --tests` first";
    return { name, missing, run: () => Promise.reject(new Error(missing)) };
  }
  const { missing, run } = JSON.parse(readFileSync(path, "utf8")) as State;
  return { name, missing, run: (args) => ended(run, args) };
}

function ended({ command, args, cwd, env }: State["run"], more: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, ...more], { cwd, env: { ...process.env, ...env } });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output, errors }));
  });
}
