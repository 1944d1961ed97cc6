/** A text given as data in a prompt, under its label. */
export interface GivenText {
  /** Example: `Answer A`. Empty when nothing stands before it. */
  readonly label: string;
  readonly text: string;
}

const BEGIN = /^\[\[begin (\S+)\]\]$/;
const LABEL = /^([^:"]{1,80}):$/;

/**
 * The texts that a prompt gives as data: each one JSON string on its own line between `[[begin NONCE]]` and
 * `[[end NONCE]]`, perhaps under a line with its label and a colon.
 */
export function givenTexts(prompt: string): GivenText[] {
  const lines = prompt.split("\n");
  return lines.flatMap((line, index) => {
    const nonce = BEGIN.exec(line)?.[1];
    if (nonce === undefined || lines[index + 2] !== `[[end ${nonce}]]`) return [];
    const text = parsed(lines[index + 1] ?? "");
    return typeof text === "string" ? [{ label: LABEL.exec(lines[index - 1] ?? "")?.[1] ?? "", text }] : [];
  });
}

/** The JSON value of a text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
