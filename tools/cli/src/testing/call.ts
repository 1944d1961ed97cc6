import type { Cli } from "../cli.js";
import { run } from "../run.js";
import type { Output } from "../terminal.js";

/** What came of a command line. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What differs from a command line in a pipe, without any setting, at the beginning of 2026-11-28. */
export interface Circumstances {
  readonly variables?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Told what is written to the output, as it is written. */
  readonly onOut?: (text: string) => void;
}

/** The time at which command lines of tests are carried out. */
export const callTime = new Date("2026-11-28T00:00:00Z");

/** Carries out a command line in this process. */
export async function call(args: readonly string[], circumstances: Circumstances = {}): Promise<Called> {
  const { variables = {}, input, signal = new AbortController().signal, onOut } = circumstances;
  const written = { out: "", err: "" };
  const output = (name: "out" | "err"): Output => ({
    isTerminal: false,
    hasColors: false,
    size: () => ({ rows: 24, columns: 80 }),
    write(text) {
      written[name] += text;
      if (name === "out") onOut?.(text);
    },
  });
  const cli: Cli = {
    out: output("out"),
    err: output("err"),
    environment: { variables, mistakes: [] },
    signal,
    input: () => (input === undefined ? undefined : Promise.resolve(input)),
    now: () => callTime.getTime(),
    every: () => () => undefined,
  };
  const code = await run(args, cli);
  return { code, ...written };
}
