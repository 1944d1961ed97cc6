import { parseArgs } from "node:util";

/** What the user asked for. */
export type Command =
  | { readonly kind: "run"; readonly seed: number; readonly questions: number }
  | { readonly kind: "panel"; readonly cluster: boolean; readonly seed: number; readonly questions: number }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly message: string };

/** The text of `--help`. */
export const usage = `npm run simulate [-- --seed N] [-- --questions N]
npm run simulate -- --panel [--cluster] [--seed N] [--questions N]

Simulates panels of models, and judges, of which everything is known, and prints what voting, stopping early and judging
make of their answers, beside the exact figure where there is one. No model is asked; nothing is said about real ones.

  --seed N        decides every draw, 0 to 4294967295. Default: 1. The same seed prints the same tables
  --questions N   questions in each simulation, 100 to 1000000. Default: 20000. Rounds in simulated time take a tenth
  --panel         in place of all that: starts Synod and asks it the simulator's questions over HTTP, by each strategy
                  and of each member alone: how many are answered rightly, by how many calls, for how much, how fast.
                  --questions: 10 to 100000, 120 by default. Times are the machine's, all else is the seed's, but for
                  the calls that are saved by stopping early, which depend on who answers first
  --cluster       with --panel: the five services as processes of their own, in place of one process
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
        questions: { type: "string" },
        panel: { type: "boolean", default: false },
        cluster: { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: false,
    });
    if (values.help === true) return { kind: "help" };
    const { cluster, questions } = values;
    const seed = whole("--seed", values.seed, 0, 2 ** 32 - 1);
    if (values.panel) {
      return {
        kind: "panel",
        cluster,
        seed,
        questions: whole("--questions", questions ?? "120", 10, 100_000),
      };
    }
    if (cluster) throw new RangeError("--cluster is for --panel.");
    return { kind: "run", seed, questions: whole("--questions", questions ?? "20000", 100, 1_000_000) };
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
