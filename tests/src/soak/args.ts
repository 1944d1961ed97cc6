import { parseArgs } from "node:util";

/** How large a soak is. */
export interface SoakOptions {
  /** Questions in all. */
  readonly calls: number;
  /** Decides which calls fail, and how: 0 to 2^32 - 1. */
  readonly seed: number;
  /** Questions at once. */
  readonly concurrency: number;
  /** The share of upstream calls with a fault, 0 to 1. */
  readonly faults: number;
}

/** What the user asked for. */
export type Command =
  | { readonly kind: "run"; readonly cluster: boolean; readonly options: SoakOptions }
  | { readonly kind: "lossless"; readonly cluster: boolean; readonly options: SoakOptions }
  | { readonly kind: "bad-requests"; readonly cluster: boolean; readonly options: SoakOptions }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly message: string };

/** The text of `--help`. */
export const usage = `npm run soak [-- options]

Asks Synod many questions while the simulated models fail at random, and checks that none hangs, that no failure is
taken for an answer, and that memory and descriptors stay flat.

  --calls N        questions in all, 10 or more (10000)
  --concurrency N  questions at once (64)
  --faults N       percent of the upstream calls that fail (30)
  --seed N         decides which fail, and how (drawn, and printed)
  --cluster        the five services as processes of their own, in place of one process
  --lossless       in place of all that: asks 1,000 questions (or --calls) of five members that disagree, once waiting
                   for all and once stopping early, and checks that the winner is the same and that calls are saved
  --bad-requests   in place of all that: sends 10,000 requests (or --calls) that nobody should send, over HTTP and RPC, and
                   checks that none is answered with a server's error, takes over a second, or leaves anything behind
  --help           this text

Exit codes: 0 every check held, 1 one did not, 2 wrong usage.
`;

const usualSize = {
  run: { calls: "10000", concurrency: "64" },
  lossless: { calls: "1000", concurrency: "4" },
  "bad-requests": { calls: "10000", concurrency: "8" },
} as const;

/** Reads the arguments after the program's name. Never throws. */
export function readArgs(args: readonly string[], drawSeed: () => number): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        calls: { type: "string" },
        concurrency: { type: "string" },
        faults: { type: "string", default: "30" },
        seed: { type: "string" },
        cluster: { type: "boolean", default: false },
        lossless: { type: "boolean", default: false },
        "bad-requests": { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: false,
    });
    if (values.help === true) return { kind: "help" };
    if (values.lossless && values["bad-requests"]) throw new Error("Use --lossless or --bad-requests.");
    const kind = values.lossless ? "lossless" : values["bad-requests"] ? "bad-requests" : "run";
    const usual = usualSize[kind];
    const options = {
      calls: whole("calls", values.calls ?? usual.calls, 10, 10_000_000),
      concurrency: whole("concurrency", values.concurrency ?? usual.concurrency, 1, 1_000),
      faults: whole("faults", values.faults, 0, 100) / 100,
      seed: values.seed === undefined ? drawSeed() : whole("seed", values.seed, 0, 0xffff_ffff),
    };
    return { kind, cluster: values.cluster, options };
  } catch (error) {
    return {
      kind: "refused",
      message: `${error instanceof Error ? error.message : String(error)}\n\n${usage}`,
    };
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`--${name} ${text} is not a whole number from ${least} to ${most}.`);
}
