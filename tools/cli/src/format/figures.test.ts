import { expect, it } from "vitest";
import { count, dollars, duration, instant, share } from "./figures.js";
import { table } from "./table.js";

it.each([
  [0, "0 ms"],
  [994, "994 ms"],
  [995, "1.0 s"],
  [1_249, "1.2 s"],
  [59_949, "59.9 s"],
  [59_960, "1 m 00 s"],
  [125_000, "2 m 05 s"],
])("%i ms are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [null, "cost unknown"],
  [0, "$0"],
  [0.000_123_4, "$0.00012"],
  [0.25, "$0.25"],
  [0.999, "$1"],
  [12.5, "$12.50"],
])("%s dollars are %s", (usd, text) => {
  expect(dollars(usd)).toBe(text);
});

it("says times, shares and counts", () => {
  expect(instant(new Date(Date.UTC(2026, 10, 28, 21, 46, 16, 789)))).toBe("2026-11-28T21:46:16Z");
  expect([share(0), share(2 / 3), share(1)]).toEqual(["0 %", "67 %", "100 %"]);
  expect([count(1, "call"), count(0, "call"), count(2, "call")]).toEqual(["1 call", "0 calls", "2 calls"]);
});

it("puts rows into columns, each cell in one line and not too long", () => {
  const rows = [
    ["synod/default", "synod", ""],
    ["a\x1b[2J\nb", "x".repeat(30), "131072"],
  ];
  expect(table(["MODEL", "OWNER", "CONTEXT"], rows, 12)).toBe(
    "MODEL         OWNER         CONTEXT\n" +
      "synod/defau…  synod\n" +
      "a\\x1b[2J b    xxxxxxxxxxx…  131072\n",
  );
});
