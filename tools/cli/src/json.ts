import { jsonForTerminal } from "./format/escape.js";
import type { Output } from "./terminal.js";

/** Prints a JSON value: in one line, or for a person in several. */
export function printJson(out: Output, value: unknown): void {
  out.write(`${jsonForTerminal(JSON.stringify(value, null, out.isTerminal ? 2 : 0))}\n`);
}
