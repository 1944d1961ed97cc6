import { describe, expect, test } from "vitest";
import { readArgs } from "./args.js";

describe("readArgs", () => {
  test("has a default for everything", () => {
    expect(readArgs([])).toEqual({ kind: "run", seed: 1, questions: 20_000 });
    expect(readArgs(["--seed", "7", "--questions", "500"])).toEqual({
      kind: "run",
      seed: 7,
      questions: 500,
    });
    expect(readArgs(["--help"])).toEqual({ kind: "help" });
    expect(readArgs(["--panel"])).toEqual({ kind: "panel", cluster: false, seed: 1, questions: 120 });
    expect(readArgs(["--panel", "--cluster", "--seed", "2", "--questions", "10"])).toEqual({
      kind: "panel",
      cluster: true,
      seed: 2,
      questions: 10,
    });
  });

  test.each([
    [["--seed", "-1"], "--seed"],
    [["--seed", "4294967296"], "--seed must be a whole number from 0 to 4294967295"],
    [["--seed", "one"], "--seed"],
    [["--questions", "99"], "--questions must be a whole number from 100 to 1000000"],
    [["--questions", "1e3"], "--questions"],
    [["--panel", "--questions", "9"], "--questions must be a whole number from 10 to 100000"],
    [["--cluster"], "--cluster is for --panel"],
    [["--fast"], "--fast"],
    [["fast"], "fast"],
  ])("refuses %j, and says what", (args, message) => {
    expect(readArgs(args)).toMatchObject({ kind: "refused", message: expect.stringContaining(message) });
  });
});
