import { oneLine } from "./escape.js";

/** Rows under a head, in columns. Cells are made fit for a terminal; those that are longer than `widest` are cut. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], widest = 60): string {
  const lines = [head, ...rows.map((row) => row.map((cell) => cut(oneLine(cell), widest)))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** A text of so many characters at most; `…` stands for the rest. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
