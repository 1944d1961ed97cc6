import { parseArgs } from "node:util";

/** What the user asked for. */
export type Command =
  | { readonly kind: "run"; readonly quick: boolean; readonly peers: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly message: string };

/** The text of `--help`. */
export const usage = `npm run bench [-- --quick] [-- --peers]

Measures Synod against a bare proxy and against calling the upstream directly, on loopback.

  --quick   fewer requests, streams and cases, rough figures: meant to take under 2 minutes on an idle machine,
            about 4 without it. A busy machine takes longer, and its figures mean little
  --peers   measures Portkey's gateway too, which takes about a minute more. The npm client installs it into a
            temporary folder, so that its registry must be within reach
  --help    this text

Exit codes: 0 measured (whether or not a goal is met), 1 could not measure, 2 wrong usage.
`;

/** Reads the arguments after the program's name. Never throws. */
export function readArgs(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean" },
        peers: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: false,
    });
    if (values.help === true) return { kind: "help" };
    return { kind: "run", quick: values.quick === true, peers: values.peers === true };
  } catch (error) {
    return {
      kind: "refused",
      message: `${error instanceof Error ? error.message : String(error)}\n\n${usage}`,
    };
  }
}
