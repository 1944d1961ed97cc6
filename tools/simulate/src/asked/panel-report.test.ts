import { expect, test, vi } from "vitest";
import { panelReport } from "./panel-report.js";
import { panels } from "./panels.js";

// A process is started, on a machine that is busy with other tests. What it runs is the built one: `nx test` builds first.
vi.setConfig({ testTimeout: 240_000 });

/** The rows of a report, without what is the machine's: times, and what stopping early saved. */
function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.includes("stopped early") && !line.includes("---"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map((cells) => [...cells.slice(1, 7), cells.at(-2) ?? ""]);
}

test("the same seed gives the same figures but for times, through a real Synod", async () => {
  const runs: string[] = [];
  for (const _ of [1, 2]) {
    let text = "";
    const options = {
      panels: panels.slice(0, 1),
      deployment: "one process" as const,
      seed: 3,
      questions: 10,
    };
    await panelReport(options, (part) => (text += part));
    runs.push(text);
  }
  const [first = "", second = ""] = runs;
  expect(first).toContain("(seed 3, 10 questions, one process)");
  // The head, four rows of members, and a row for each of eleven strategies.
  expect(rowsOf(first)).toHaveLength(1 + 4 + 11);
  expect(rowsOf(second)).toEqual(rowsOf(first));
  const majority = rowsOf(first).find(([name]) => name === "majority");
  expect(majority?.slice(3, 5)).toEqual(["5.00", "0.00"]);
});
