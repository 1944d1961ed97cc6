import { createContextValues } from "@connectrpc/connect";
import { expect, it } from "vitest";
import { createGate } from "../testing/gate.js";
import { workOf } from "./call-work.js";

it("is idle at once where nothing goes on, and else once all is settled, however and whenever it began", async () => {
  const values = createContextValues();
  let idle = 0;
  const note = (): void => void (idle += 1);
  workOf({ values }).whenIdle(note);
  expect(idle).toBe(1);
  const [first, second] = [createGate(), createGate()];
  const failing = first.opened.then(() => Promise.reject(new Error("failed")));
  workOf({ values }).add(failing);
  workOf({ values }).whenIdle(note);
  workOf({ values }).add(second.opened);
  workOf({ values: createContextValues() }).whenIdle(note);
  expect(idle).toBe(2);
  first.open();
  await expect(failing).rejects.toThrow("failed");
  await new Promise((resolve) => setImmediate(resolve));
  expect(idle).toBe(2);
  second.open();
  await expect.poll(() => idle).toBe(3);
});
