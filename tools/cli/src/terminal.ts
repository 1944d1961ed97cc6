import type { WriteStream } from "node:tty";

/** A stream that a command writes to. */
export interface Output {
  write(text: string): void;
  /** Whether a person looks at it, on a terminal whose cursor can be moved. */
  readonly isTerminal: boolean;
  /** Whether it shows colours. */
  readonly hasColors: boolean;
  /** How many lines it shows, and how many characters in a line. */
  readonly size: () => { readonly rows: number; readonly columns: number };
}

/** An output of this process. `term`: the kind of terminal, as `TERM` names it. */
export function outputOf(stream: WriteStream, term: string | undefined): Output {
  const isTerminal = stream.isTTY === true && term !== "dumb";
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    hasColors: isTerminal && stream.hasColors(),
    size: () => ({ rows: stream.rows || 24, columns: stream.columns || 80 }),
  };
}
