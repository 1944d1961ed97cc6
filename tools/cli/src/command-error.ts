/** A command cannot do what is asked, for a reason that its message tells a person. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
