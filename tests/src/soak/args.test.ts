import { expect, it } from "vitest";

import { readArgs } from "./args.js";

const read = (...args: string[]) => readArgs(args, () => 42);

it("asks 10,000 questions with 30 % faults unless told otherwise", () => {
  const options = { calls: 10_000, concurrency: 64, faults: 0.3, seed: 42 };
  expect(read()).toEqual({ kind: "run", cluster: false, options });
  expect(read("--calls", "20", "--seed", "7", "--faults", "0", "--concurrency", "2", "--cluster")).toEqual({
    kind: "run",
    cluster: true,
    options: { calls: 20, concurrency: 2, faults: 0, seed: 7 },
  });
  expect(read("--lossless")).toEqual({
    kind: "lossless",
    cluster: false,
    options: { calls: 1_000, concurrency: 4, faults: 0.3, seed: 42 },
  });
  expect(read("--bad-requests", "--cluster")).toEqual({
    kind: "bad-requests",
    cluster: true,
    options: { calls: 10_000, concurrency: 8, faults: 0.3, seed: 42 },
  });
  expect(read("-h")).toEqual({ kind: "help" });
});

it.each([
  ["--calls", "9"],
  ["--faults", "101"],
  ["--seed", "x"],
  ["--speed"],
  ["10"],
  ["--lossless", "--bad-requests"],
])("refuses %s", (...args) => {
  expect(read(...args)).toMatchObject({
    kind: "refused",
    message: expect.stringContaining("npm run soak"),
  });
});
