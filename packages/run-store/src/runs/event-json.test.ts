import fc from "fast-check";
import { expect, test } from "vitest";
import { started } from "../testing/run-events.js";
import { fromEventJson, toEventJson } from "./event-json.js";

test("any text comes back, halves of surrogate pairs as U+FFFD", () => {
  const odd = fc.constantFrom("\\", "\\\\", "\ud800", "\udfff", "\\ud800", "\0", '"', "d", "\u{1f600}");
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(odd).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const logged = { seq: 1, timeMs: 1_800_000_000_123, event: started(text) };
      const wellFormed = Buffer.from(text).toString();
      expect(fromEventJson(toEventJson("run", logged))).toEqual({ ...logged, event: started(wellFormed) });
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("leaves out what a newer build has added", () => {
  const json = toEventJson("run", { seq: 7, timeMs: 5, event: started("x") });
  const newer = JSON.stringify({ ...JSON.parse(json), somethingNew: { a: 1 } });
  expect(fromEventJson(newer)).toEqual({ seq: 7, timeMs: 5, event: started("x") });
});
