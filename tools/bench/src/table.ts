import type { Spread } from "./stats.js";

/** Writes a Markdown table whose columns line up. The first column is text, the others are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const write = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => pad(cells[i] ?? "", width, i)).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? `${"-".repeat(width + 2)}` : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [write(head), rule, ...rows.map(write)].join("\n");
}

/** Writes a figure as `median (min-max)`, or a dash when there is none. */
export function figure(value: Spread | null): string {
  if (value === null) return "-";
  const [middle, least, most] = [value.median, value.min, value.max].map(digits);
  return least === most ? `${middle}` : `${middle} (${least} to ${most})`;
}

/** Writes a number with up to three digits that count, without an exponent. */
export function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
