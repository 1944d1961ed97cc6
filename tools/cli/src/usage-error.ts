/** The command line is not one that means anything. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
