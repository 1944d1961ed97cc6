import { parseArgs } from "node:util";

/** What the user asked for. */
export type Command =
  | { readonly kind: "run"; readonly seed: number; readonly questions: number }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly message: string };

/** The text of `--help`. */
export const usage = `npm run simulate [-- --seed N] [-- --questions N]

Simulates panels of models, and judges, of which everything is known, and prints what voting, stopping early and judging
make of their answers, beside the exact figure where there is one. No model is asked; nothing is said about real ones.

  --seed N        decides every draw, 0 to 4294967295. Default: 1. The same seed prints the same tables
  --questions N   questions in each simulation, 100 to 1000000. Default: 20000. Rounds in simulated time take a tenth
  --help          this text

Exit codes: 0 all simulations agree with their exact figures, 1 one does not, 2 wrong usage.
`;

/** Reads the arguments after the program's name. Never throws. */
export function readArgs(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: "string", default: "1" },
        questions: { type: "string", default: "20000" },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: false,
    });
    if (values.help === true) return { kind: "help" };
    return {
      kind: "run",
      seed: whole("--seed", values.seed, 0, 2 ** 32 - 1),
      questions: whole("--questions", values.questions, 100, 1_000_000),
    };
  } catch (error) {
    return {
      kind: "refused",
      message: `${error instanceof Error ? error.message : String(error)}\n\n${usage}`,
    };
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new RangeError(
      `${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`,
    );
  }
  return value;
}
