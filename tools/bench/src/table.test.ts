import { describe, expect, it } from "vitest";
import { digits, figure, table } from "./table.js";

describe("table", () => {
  it("lines up its columns, the first to the left", () => {
    const written = table(
      ["case", "ms"],
      [
        ["unary", "1.00"],
        ["a longer case", "12.0 (11.0 to 13.0)"],
      ],
    );
    expect(written.split("\n")).toEqual([
      "| case          |                  ms |",
      "|---------------|--------------------:|",
      "| unary         |                1.00 |",
      "| a longer case | 12.0 (11.0 to 13.0) |",
    ]);
  });

  it("writes missing cells as blanks", () => {
    expect(table(["a", "b"], [["x"]])).toContain("| x   |     |");
  });
});

describe("figure", () => {
  it("shows the median and the spread", () => {
    expect(figure({ median: 0.151, min: 0.14, max: 0.2 })).toBe("0.15 (0.14 to 0.20)");
  });

  it("leaves out a spread that does not show", () => {
    expect(figure({ median: 5, min: 5, max: 5.001 })).toBe("5.00");
  });

  it("is a dash when there is none", () => {
    expect(figure(null)).toBe("-");
  });
});

describe("digits", () => {
  it.each([
    [0.1234, "0.12"],
    [-1.5, "-1.50"],
    [12.345, "12.3"],
    [1234.5, "1235"],
  ])("writes %d as %s", (value, text) => {
    expect(digits(value)).toBe(text);
  });
});
