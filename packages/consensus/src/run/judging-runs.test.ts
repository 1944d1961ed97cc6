import { describe, expect, test } from "vitest";
import { runScript, type Script } from "../testing/scripted-run.js";
import { failure, question, specWith } from "../testing/specs.js";

const gate = (over = {}) => specWith({ judge: { mode: "gate", ...over } });
const always: Script = { members: () => "42" };

describe("annotate", () => {
  test.each([
    ["right", true],
    ["wrong", false],
    ["unsure", null],
    ["none", null],
  ] as const)("%s: the answer goes out, validated is %s, nothing is made again", (kind, validated) => {
    const { record, paid } = runScript(specWith({ judge: { mode: "annotate" } }), {
      ...always,
      judge: () => kind,
    });
    expect(record).toMatchObject({
      validated,
      stopped: "complete",
      result: { status: "completed", answer: "42" },
    });
    expect(paid).toEqual({ members: 3, aggregator: 1, judges: 1 });
  });
});

describe("gate", () => {
  test("right: accepted", () => {
    const { record, paid } = runScript(gate(), { ...always, judge: () => "right" });
    expect(record).toMatchObject({
      validated: true,
      stopped: "accepted",
      judge: { verdict: "right", attempts: 1 },
    });
    expect(paid).toEqual({ members: 3, aggregator: 1, judges: 1 });
  });

  test("wrong, then right: one more round, aggregation and verdict", () => {
    const { record, paid, events } = runScript(gate(), {
      ...always,
      judge: (n) => (n === 1 ? "wrong" : "right"),
    });
    expect(record).toMatchObject({
      validated: true,
      stopped: "accepted",
      rounds: 2,
      judge: { attempts: 2, findings: [] },
    });
    expect(paid).toEqual({ members: 6, aggregator: 2, judges: 2 });
    expect(events.filter((e) => e.type === "round_started").map((e) => [e.round, e.regeneration])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  test("members of a regeneration see the answer and the findings, as data", () => {
    const { commands } = runScript(gate(), {
      ...always,
      aggregator: () => "It is 41.",
      judge: (n) => (n === 1 ? "wrong" : "right"),
    });
    const regenerated = commands.filter((c) => c.type === "ask_round")[1];
    expect(regenerated?.messages.slice(0, 2)).toEqual(question);
    const [consensus, prompt] = (regenerated?.messages ?? []).slice(2).map((m) => ({
      role: m.role,
      text: m.parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    }));
    expect(consensus).toEqual({ role: "system", text: "Consensus: It is 41." });
    expect(prompt?.role).toBe("user");
    const lines = prompt?.text.split("\n") ?? [];
    expect(JSON.parse(lines[1] ?? "")).toEqual([
      { quote: "42", problem: "It is not 42.", severity: "major" },
    ]);
    expect(lines.at(-1)).toBe("Improve your answer.");
    expect(regenerated?.messages).toHaveLength(4);
  });

  test.each([0, 1, 2, 5])(
    "F53: never satisfied, at most %i regenerations: the last answer, validated false",
    (max) => {
      const script: Script = { ...always, aggregator: (round) => `answer ${round}`, judge: () => "wrong" };
      const { record, paid } = runScript(gate({ maxRegenerations: max }), script);
      expect(record.result).toEqual({
        status: "completed",
        answer: `answer ${max + 1}`,
        stopped: "max_regenerations",
      });
      expect(record).toMatchObject({ validated: false, judge: { verdict: "wrong", attempts: max + 1 } });
      expect(record.judge?.findings).toHaveLength(1);
      expect(paid).toEqual({ members: 3 * (max + 1), aggregator: max + 1, judges: max + 1 });
      expect(record.calls.made).toBe(5 * (max + 1));
    },
  );

  test("unsure is not wrong: the answer goes out, nothing is made again", () => {
    const { record, paid } = runScript(gate(), { ...always, judge: () => "unsure" });
    expect(record).toMatchObject({
      validated: null,
      stopped: "complete",
      degraded: [],
      judge: { verdict: "unsure" },
    });
    expect(paid.judges).toBe(1);
  });

  test.each(["none", "down"] as const)(
    "F52: no verdict (%s): the answer goes out, never as valid",
    (kind) => {
      const { record } = runScript(gate(), { ...always, judge: () => kind });
      expect(record).toMatchObject({
        validated: null,
        degraded: ["judge_unavailable"],
        judge: { verdict: null, attempts: 1 },
      });
      expect(record.result).toMatchObject({ status: "completed" });
    },
  );

  test.each(["none", "down"] as const)("F52: no verdict (%s), and the preset says to fail", (kind) => {
    const { record } = runScript(gate({ whenDown: "fail" }), { ...always, judge: () => kind });
    expect(record.result).toMatchObject({
      status: "failed",
      failure: { reason: "judge_unavailable", retryable: true },
    });
    expect(record).toMatchObject({ validated: null, stopped: null });
  });

  test("the judge falls silent after a rejection: the new answer goes out without a verdict", () => {
    const script: Script = {
      ...always,
      aggregator: (round) => `answer ${round}`,
      judge: (n) => (n === 1 ? "wrong" : "down"),
    };
    const { record } = runScript(gate(), script);
    expect(record).toMatchObject({
      validated: null,
      degraded: ["judge_unavailable"],
      result: { answer: "answer 2" },
    });
  });

  test("a regeneration whose round fails: the rejected answer goes out as what it is", () => {
    const script: Script = {
      members: (round) => (round === 1 ? "41" : failure("upstream_error")),
      judge: () => "wrong",
    };
    const { record, paid } = runScript(gate(), script);
    expect(record).toMatchObject({
      validated: false,
      stopped: "max_regenerations",
      degraded: ["member_failed"],
      result: { answer: "41" },
    });
    expect(paid).toEqual({ members: 6, aggregator: 1, judges: 1 });
  });

  test("a regeneration whose aggregate says nothing: the rejected answer goes out as what it is", () => {
    const script: Script = {
      members: (round) => (round === 1 ? "41" : "it depends"),
      judge: () => "wrong",
    };
    const spec = specWith({
      judge: { mode: "gate" },
      aggregation: { strategy: "majority" },
      answerFormat: "number",
      quorum: 1,
    });
    expect(runScript(spec, script).record).toMatchObject({
      validated: false,
      stopped: "max_regenerations",
      result: { answer: "41" },
    });
  });

  test("where votes decide, a rejected answer is replaced by one of less agreement", () => {
    const script: Script = {
      members: (round, voter) => (round === 1 ? "41" : (["42", "42", "40"][voter] ?? "")),
      judge: (n) => (n === 1 ? "wrong" : "right"),
    };
    const spec = specWith({ judge: { mode: "gate" }, aggregation: { strategy: "majority" } });
    expect(runScript(spec, script).record).toMatchObject({ result: { answer: "42" }, validated: true });
  });

  test("all rounds are asked before the judges are", () => {
    const spec = specWith({
      judge: { mode: "gate", maxRegenerations: 1 },
      rounds: { max: 2, stopWhen: "never" },
    });
    const { paid, record } = runScript(spec, { ...always, judge: () => "wrong" });
    expect(paid).toEqual({ members: 9, aggregator: 3, judges: 2 });
    expect(record).toMatchObject({ rounds: 3, stopped: "max_regenerations" });
  });
});

describe("regenerate: aggregate", () => {
  test("the same answers are aggregated again with the findings, no member is asked", () => {
    const script: Script = {
      members: (_, voter) => String(40 + voter),
      aggregator: (_, call) => `answer ${call}`,
      judge: (n) => (n === 1 ? "wrong" : "right"),
    };
    const { paid, commands, record } = runScript(gate({ regenerate: "aggregate" }), script);
    expect(paid).toEqual({ members: 3, aggregator: 2, judges: 2 });
    expect(record).toMatchObject({ rounds: 1, validated: true, result: { answer: "answer 1" } });
    const [first, second] = commands.filter((c) => c.type === "aggregate");
    expect(first?.messages).toEqual([]);
    expect(second?.answers).toEqual(first?.answers);
    expect(second?.seed).not.toBe(first?.seed);
    expect(JSON.stringify(second?.messages)).toContain("It is not 42.");
  });

  test("a preset's own messages get the findings after its prompt", () => {
    const prompt = [{ role: "user", parts: [{ type: "text", text: "Merge." }] }] as const;
    const spec = specWith({ judge: { mode: "gate", regenerate: "aggregate" }, aggregation: { prompt } });
    const { commands } = runScript(spec, { ...always, judge: (n) => (n === 1 ? "wrong" : "right") });
    const [first, second] = commands.filter((c) => c.type === "aggregate");
    expect(first).toMatchObject({ prompt, messages: [] });
    expect(second?.prompt).toHaveLength(3);
    expect(second?.prompt[0]).toEqual(prompt[0]);
    // The conversation has them too, for what is asked without these messages: a pick, a comparison, a ranking.
    expect(second?.messages).toEqual(second?.prompt.slice(1));
  });
});
