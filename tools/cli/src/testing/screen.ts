import type { Output } from "../terminal.js";

/** A terminal for tests, which shows what a person would see. */
export interface Screen extends Output {
  /** Its lines, without empty ones at the end, and without colours. */
  lines(): readonly string[];
  /** Everything that was written to it. */
  written(): string;
}

/** A control sequence, or one character. */
const sequence = new RegExp(`${"\x1b"}\\[([\\d;?]*)([A-Za-z])|[^]`, "g");

/** Makes a terminal of so many columns, which understands what a live view sends. */
export function createScreen(columns = 80, rows = 24): Screen {
  const lines: string[] = [""];
  let [row, column, wraps] = [0, 0, true];
  let written = "";
  const put = (character: string): void => {
    if (column >= columns && wraps) [row, column] = [row + 1, 0];
    const at = Math.min(column, columns - 1);
    const line = (lines[row] ?? "").padEnd(at);
    lines[row] = line.slice(0, at) + character + line.slice(at + 1);
    column += 1;
  };
  const control = (parameters: string, kind: string): void => {
    if (kind === "A") row = Math.max(0, row - Number(parameters || 1));
    else if (kind === "J") lines.splice(row, lines.length, (lines[row] ?? "").slice(0, column));
    else if (parameters === "?7") wraps = kind === "h";
    else if (kind !== "m") throw new Error(`the test's terminal does not know ${parameters}${kind}`);
  };
  return {
    isTerminal: true,
    hasColors: true,
    size: () => ({ rows, columns }),
    write(text) {
      written += text;
      for (const [token, parameters, kind] of text.matchAll(sequence)) {
        if (kind !== undefined) control(parameters ?? "", kind);
        else if (token === "\n") [row, column] = [row + 1, 0];
        else if (token === "\r") column = 0;
        else put(token);
        lines[row] ??= "";
      }
    },
    lines: () =>
      lines.slice(0, lines.findLastIndex((line) => line.trim() !== "") + 1).map((l) => l.trimEnd()),
    written: () => written,
  };
}
