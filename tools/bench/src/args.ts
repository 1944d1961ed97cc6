import { parseArgs } from "node:util";

/** What the user asked for. */
export type Command =
  | { readonly kind: "run"; readonly quick: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly message: string };

/** The text of `--help`. */
export const usage = `npm run bench [-- --quick]

Measures Synod against a bare proxy and against calling the upstream directly, on loopback.

  --quick   fewer requests and cases, rough figures: meant to take under 30 seconds on an idle machine,
            under 3 minutes without it. A busy machine takes longer, and its figures mean little
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
    if (values.peers === true) {
      return {
        kind: "refused",
        message:
          "--peers is not built yet: this bench compares Synod with a bare proxy only. Run it without --peers.",
      };
    }
    return { kind: "run", quick: values.quick === true };
  } catch (error) {
    return {
      kind: "refused",
      message: `${error instanceof Error ? error.message : String(error)}\n\n${usage}`,
    };
  }
}
