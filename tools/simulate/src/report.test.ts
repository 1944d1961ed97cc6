import { describe, expect, test } from "vitest";
import { isOff } from "./figure.js";
import { report } from "./report.js";
import { share, table } from "./table.js";

describe("the report", () => {
  const first = report(11, 400);

  test("every simulation agrees with its exact figure", () => {
    expect(first.off).toEqual([]);
    expect(first.text).toMatch(/\n(\d+) of \1 simulated figures agree with their exact ones\.\n$/);
  });

  test("the same seed prints the same, another one does not", () => {
    expect(report(11, 400)).toEqual(first);
    expect(report(12, 400).text).not.toBe(first.text);
  });

  test("says where a panel does not beat its best member", () => {
    expect(first.text).toMatch(/\| 0\.9 0\.6 0\.6 0\.6 0\.6 +\| +0\.9000 \| +0\.7862 \|.*neither \|/);
  });
});

test("a figure is off when chance does not explain it", () => {
  const figure = { name: "x", exact: 0.5, questions: 10_000 };
  expect(isOff({ ...figure, simulated: 0.51 })).toBe(false);
  expect(isOff({ ...figure, simulated: 0.53 })).toBe(true);
  expect(isOff({ ...figure, exact: 1, simulated: 1 })).toBe(false);
  expect(isOff({ ...figure, exact: 1, simulated: 0.9999 })).toBe(true);
  expect(isOff({ ...figure, simulated: Number.NaN })).toBe(true);
});

test("a table lines up its columns", () => {
  expect(table(["case", "a"], [["longer case", share(0.5)], ["x"]])).toBe(
    [
      "| case        |      a |",
      "| ----------- | -----: |",
      "| longer case | 0.5000 |",
      "| x           |        |",
    ].join("\n"),
  );
});
