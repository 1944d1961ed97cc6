import { describe, expect, test } from "vitest";
import { eventually } from "./eventually.js";
import { createGate } from "./gate.js";

describe("eventually", () => {
  test("waits for a condition", async () => {
    let looks = 0;
    await eventually(() => ++looks === 3);
    expect(looks).toBe(3);
  });

  test("gives up in time, and says what did not hold", async () => {
    await expect(eventually(() => false, { withinMs: 5, what: "the sky" })).rejects.toThrow(
      "the sky did not hold within 5 ms",
    );
  });
});

test("a gate lets everyone through once it is open", async () => {
  const gate = createGate();
  let through = 0;
  const early = gate.opened.then(() => (through += 1));
  expect(through).toBe(0);
  gate.open();
  await early;
  await gate.opened;
  expect(through).toBe(1);
});
