import { describe, expect, test } from "vitest";
import { createSchedule } from "./schedule.js";
import type { FaultRule } from "./schedule.js";

const call = { provider: "openrouter", endpoint: "chat", model: "a", key: "", contains: () => true } as const;

function played(rules: readonly FaultRule[], count: number, traits: object = {}): (string | undefined)[] {
  const schedule = createSchedule();
  schedule.set(rules);
  return Array.from({ length: count }, () => schedule.next({ ...call, ...traits })?.kinds[0]);
}

describe("a script of faults", () => {
  test("plays on the calls that a rule names", () => {
    const fault = { kind: "html" } as const;
    expect(played([{ model: "a", calls: "all", fault }], 2)).toEqual(["html", "html"]);
    expect(played([{ model: "a", calls: [1, 3], fault }], 4)).toEqual(["html", undefined, "html", undefined]);
    expect(played([{ model: "a", calls: { from: 2 }, fault }], 3)).toEqual([undefined, "html", "html"]);
    expect(played([{ model: "a", calls: { from: 2, to: 2 }, fault }], 3)).toEqual([
      undefined,
      "html",
      undefined,
    ]);
  });

  test("plays on a share of the calls, the same ones for the same seed", () => {
    const rule = (seed: number): FaultRule[] => [
      { model: "a", calls: { share: 0.3, seed }, fault: { kind: "html" } },
    ];
    const share = (seed: number) =>
      played(rule(seed), 2_000).filter((kind) => kind !== undefined).length / 2_000;
    expect(share(1)).toBeCloseTo(0.3, 1);
    expect(played(rule(1), 100)).toEqual(played(rule(1), 100));
    expect(played(rule(1), 100)).not.toEqual(played(rule(2), 100));
  });

  test("plays the first rule that fits, and every rule counts", () => {
    const rules: FaultRule[] = [
      { model: "a", calls: [1], fault: { kind: "html" } },
      { model: "*", calls: [1, 2], fault: { kind: "no_done" } },
    ];
    expect(played(rules, 3)).toEqual(["html", "no_done", undefined]);
    expect(played(rules, 1, { model: "b" })).toEqual(["no_done"]);
  });

  test("plays several faults together", () => {
    expect(
      played([{ model: "a", calls: [1], fault: [{ kind: "no_done" }, { kind: "framing" }] }], 1),
    ).toEqual(["no_done"]);
  });

  test("tells providers, routes, keys and messages apart", () => {
    const fault = { kind: "html" } as const;
    const contains = (text: string) => "Aggregated responses: 1".includes(text);
    expect(played([{ provider: "groq", model: "a", calls: "all", fault }], 1)).toEqual([undefined]);
    expect(played([{ endpoint: "completions", model: "a", calls: "all", fault }], 1)).toEqual([undefined]);
    const revoked: FaultRule[] = [{ key: "-one", model: "*", calls: "all", fault }];
    expect(played(revoked, 1, { key: "-one" })).toEqual(["html"]);
    expect(played(revoked, 1, { key: "-two" })).toEqual([undefined]);
    expect(played([{ contains: "Aggregated", model: "a", calls: "all", fault }], 1, { contains })).toEqual([
      "html",
    ]);
    expect(played([{ contains: "Consensus", model: "a", calls: "all", fault }], 1, { contains })).toEqual([
      undefined,
    ]);
  });

  test("refuses a wrong script and names every mistake", () => {
    const rules = [
      { model: "a", calls: "all", fault: { kind: "nothing" } },
      { model: "", calls: [0], fault: { kind: "status" } },
      { model: "a", calls: "all", fault: { kind: "hang", whn: "before_headers" } },
    ];
    const schedule = createSchedule();
    expect(() => schedule.set(rules)).toThrow(/"kind"[^]*"model"[^]*"calls"[^]*"status"[^]*whn/);
    expect(schedule.next(call)).toBeUndefined();
  });
});
