/** One thing that is wrong with the settings. */
export interface Mistake {
  /** The file it stands in. Empty for the environment and for a request. */
  readonly source: string;
  /** Where: `presets.default.members[1].temperature`, or the name of a variable. Empty for the whole document. */
  readonly path: string;
  /** What is wrong and what to do, without a secret. */
  readonly message: string;
}

/** A mistake in one line. */
export function describeMistake(mistake: Mistake): string {
  return [mistake.source, mistake.path, mistake.message].filter((part) => part !== "").join(": ");
}

/** Settings that cannot be used. It holds every mistake that was found, and its message lists them. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  /** At least one. */
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map(describeMistake);
    super(lines.length === 1 ? lines.join("") : `${lines.length} mistakes:\n- ${lines.join("\n- ")}`);
    this.mistakes = mistakes;
  }
}
