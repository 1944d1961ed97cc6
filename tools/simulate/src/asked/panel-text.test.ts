import { describe, expect, test } from "vitest";
import { panelText } from "./panel-text.js";
import { panels } from "./panels.js";
import { type Row, rowOf } from "./rows.js";

const row = (name: string, right: string): Row =>
  rowOf(
    name,
    [{ text: "", made: 5, saved: 1, costUsd: 0.0002, ms: 12.4 }],
    [...right].map((sign) => sign === "+"),
  );
const [panel] = panels;
if (panel === undefined) throw new Error("there are panels");
const best = row("best member (a)", "++++++--------");
const textOf = (strategies: readonly Row[]): string =>
  panelText({ panel, members: [best], strategies, bound: 0.9 });

describe("a panel in words", () => {
  test("says which strategies are better, worse or not told apart", () => {
    const text = textOf([
      row("majority", "++++++++++++--"),
      row("synthesis", "--------------"),
      row("fields", "+++++++-------"),
      row("concatenate", ""),
    ]);
    expect(text).toContain("Better than the best member: majority. Worse than the best member: synthesis.");
    expect(text).toContain("Not told apart from it: fields. Some member is right on 90.0 %");
    expect(text).toMatch(
      /\| majority +\| 85\.7 % \| .* \| +5\.00 \| +1\.00 \| +0\.2000 \| +12 ms \| +12 ms \| +better \|/,
    );
    expect(text).toMatch(/\| concatenate +\| +- \|/);
  });

  test("says when it does not beat its best member", () => {
    expect(textOf([row("majority", "+++++++-------")])).toContain("This panel does not beat its best member");
  });
});
