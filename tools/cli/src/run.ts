import { CommanderError } from "commander";
import type { Cli } from "./cli.js";
import { explain } from "./explain.js";
import { printJson } from "./json.js";
import { createProgram } from "./program.js";

const interrupted = 130;

/** Carries out a command line. Gives the exit code: 0 done, 1 failed, 2 wrong usage, 130 ended by Ctrl-C. */
export async function run(args: readonly string[], cli: Cli): Promise<number> {
  try {
    await createProgram(cli).parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    // It has said already what is wrong, or what was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { exitCode, lines, json } = explain(error);
    if (cli.signal.aborted) return interrupted;
    if (args.includes("--json")) printJson(cli.out, { error: json });
    else cli.err.write(`synod: ${lines.join("\n")}\n`);
    return exitCode;
  }
}
