import { describe, expect, test } from "vitest";
import { runScript, type Says, type Script } from "../testing/scripted-run.js";
import { completion, failure, member, question, specWith } from "../testing/specs.js";
import { nextStep } from "./next-step.js";
import { newRun } from "./state.js";
import { noUsage } from "./usage.js";

const allSay = (...texts: readonly Says[]): Script => ({
  members: (_, voter) => texts[voter % texts.length] ?? "",
});

function textOf(messages: (typeof question)[number] | undefined): string {
  return messages?.parts.map((part) => (part.type === "text" ? part.text : "")).join("") ?? "";
}

describe("one round", () => {
  test("members, one aggregation, the answer", () => {
    const { record, paid, commands } = runScript(specWith(), {
      ...allSay("42", "42", "41"),
      aggregator: () => "It is 42.",
    });
    expect(commands.map((c) => c.type)).toEqual(["ask_round", "aggregate", "finish"]);
    expect(paid).toEqual({ members: 3, aggregator: 1, judges: 0 });
    expect(record.result).toEqual({ status: "completed", answer: "It is 42.", stopped: "complete" });
    expect(record.calls).toEqual({ made: 4, saved: 0 });
    expect(record.validated).toBeNull();
    expect(record.judge).toBeNull();
  });

  test("members see the caller's conversation as it is", () => {
    const { commands } = runScript(specWith(), allSay("42"));
    expect(commands[0]).toEqual({ type: "ask_round", round: 1, regeneration: 0, messages: question });
  });

  test("answers go on in the order of the panel, whatever the order in which they came", () => {
    const spec = specWith({
      members: [member("a", { samples: 2 }), member("b", { weight: 3, accuracy: 0.8 })],
    });
    let { state } = nextStep(newRun, { type: "run_started", spec, messages: question });
    for (const [index, sample, text] of [
      [1, 1, "x"],
      [0, 2, "y"],
      [0, 1, "z"],
    ] as const) {
      const event = { round: 1, voter: { member: index, sample }, completion: completion(text) };
      ({ state } = nextStep(state, { type: "member_answered", ...event }));
    }
    const { commands } = nextStep(state, {
      type: "round_ended",
      round: 1,
      stop: "complete",
      usable: 3,
      quorum: 2,
    });
    expect(commands).toMatchObject([
      {
        answers: [
          { voter: { member: 0, sample: 1 }, text: "z", weight: 1 },
          { voter: { member: 0, sample: 2 }, text: "y", weight: 1 },
          { voter: { member: 1, sample: 1 }, text: "x", weight: 3, accuracy: 0.8 },
        ],
      },
    ]);
  });

  test.each(["complete", "lossless", "quorum"] as const)(
    "a round that ended %s is why the run stopped",
    (stop) => {
      const { record } = runScript(specWith({ aggregation: { strategy: "majority" } }), {
        ...allSay("42"),
        roundStop: () => stop,
      });
      expect(record.stopped).toBe(stop);
    },
  );

  test("the text may be streamed when nothing can replace it", () => {
    const final = (spec: Parameters<typeof specWith>[0], script = allSay("42", "41")): readonly boolean[] =>
      runScript(specWith(spec), script).commands.flatMap((c) => (c.type === "aggregate" ? [c.final] : []));
    expect(final({})).toEqual([true]);
    expect(final({ judge: { mode: "annotate" } })).toEqual([true]);
    expect(final({ judge: { mode: "gate" } })).toEqual([false]);
    expect(final({ rounds: { max: 2, stopWhen: "never" } })).toEqual([false, true]);
    expect(final({ rounds: { max: 2 } }, allSay("42"))).toEqual([true]);
    expect(final({ rounds: { max: 2 }, aggregation: { strategy: "majority" } })).toEqual([false, false]);
  });
});

describe("improvement rounds", () => {
  const rounds = { max: 3, stopWhen: "never" } as const;

  test("calls are members x rounds + aggregations, no more", () => {
    const { paid, record } = runScript(specWith({ rounds }), allSay("42"));
    expect(paid).toEqual({ members: 9, aggregator: 3, judges: 0 });
    expect(record).toMatchObject({ rounds: 3, stopped: "max_rounds", calls: { made: 12, saved: 0 } });
  });

  test.each(["system", "user", "assistant"] as const)(
    "members see the consensus as a message of the %s",
    (role) => {
      const spec = specWith({ rounds, aggregatedPromptType: role, improvementPrompt: "Better, please." });
      const { commands } = runScript(spec, { ...allSay("42"), aggregator: (round) => `draft ${round}` });
      const asked = commands.flatMap((c) => (c.type === "ask_round" ? [c.messages] : []));
      expect(asked[0]).toEqual(question);
      expect(asked[1]).toEqual([
        ...question,
        { role, parts: [{ type: "text", text: "Consensus: draft 1" }] },
        { role: "user", parts: [{ type: "text", text: "Better, please." }] },
      ]);
      expect(textOf(asked[2]?.[2])).toBe("Consensus: draft 2");
      expect(asked[2]).toHaveLength(question.length + 2);
    },
  );

  test("stop when all agree, and count what that saved", () => {
    const { record, paid } = runScript(specWith({ rounds: { max: 3 } }), allSay("42", "It is 42.", "42.0"));
    expect(record).toMatchObject({ stopped: "agreed", rounds: 1, calls: { made: 4, saved: 8 } });
    expect(paid).toEqual({ members: 3, aggregator: 1, judges: 0 });
  });

  test("stop when the answer repeats an earlier round's", () => {
    const { record } = runScript(specWith({ rounds: { max: 4 } }), allSay("42", "42", "41"));
    expect(record).toMatchObject({ stopped: "stable", rounds: 2, calls: { made: 8, saved: 8 } });
  });

  test("stop when the vote shares repeat", () => {
    const script: Script = {
      ...allSay("red", "blue", "green"),
      aggregator: (round) => `something else, version ${"abc"[round]}`,
    };
    const { record } = runScript(specWith({ rounds: { max: 4 } }), script);
    expect(record).toMatchObject({ stopped: "stable", rounds: 2 });
  });

  test("go on to the last round while votes move", () => {
    const script: Script = {
      members: (round, voter) => String(100 * round + voter),
      aggregator: (round) => String(1000 + round),
    };
    const { record } = runScript(specWith({ rounds: { max: 3 } }), script);
    expect(record).toMatchObject({ stopped: "max_rounds", rounds: 3 });
  });

  test("where votes decide, a later answer of less agreement replaces nothing", () => {
    const script: Script = {
      members: (round, voter) => (round === 1 ? ["42", "42", "41"] : ["7", "8", "9"])[voter] ?? "",
    };
    const { record } = runScript(
      specWith({ rounds: { max: 2, stopWhen: "never" }, aggregation: { strategy: "majority" } }),
      script,
    );
    expect(record.result).toMatchObject({ answer: "42", stopped: "max_rounds" });
    expect(record.agreement).toBeCloseTo(2 / 3);
    expect(record.dissent).toEqual([{ answerKey: "41", models: ["m2"] }]);
  });

  test("where votes decide, a later answer of the same agreement is the answer", () => {
    const script: Script = { members: (round, voter) => (voter < 2 ? String(40 + round) : "0") };
    const { record } = runScript(
      specWith({ rounds: { max: 2, stopWhen: "never" }, aggregation: { strategy: "majority" } }),
      script,
    );
    expect(record.result).toMatchObject({ answer: "42" });
  });

  test("a synthesis replaces the one before, whatever the agreement", () => {
    const script: Script = {
      members: (round, voter) => (round === 1 ? "42" : String(voter)),
      aggregator: (round) => `text ${round === 1 ? "one" : "two"}`,
    };
    const { record } = runScript(specWith({ rounds: { max: 2, stopWhen: "never" } }), script);
    expect(record.result).toMatchObject({ answer: "text two" });
  });
});

describe("a round that fails", () => {
  test("F56: all failed", () => {
    const { record, paid } = runScript(
      specWith(),
      allSay(failure("upstream_error"), failure("provider_auth", { retryable: false })),
    );
    expect(record.result).toMatchObject({
      status: "failed",
      failure: { reason: "all_models_failed", retryable: true },
    });
    expect(record.members.map((m) => m.failure?.reason)).toEqual([
      "upstream_error",
      "provider_auth",
      "upstream_error",
    ]);
    expect(paid).toEqual({ members: 3, aggregator: 0, judges: 0 });
  });

  test("F56: all failed for good cannot be tried again", () => {
    const { record } = runScript(specWith(), allSay(failure("provider_auth", { retryable: false })));
    expect(record.result).toMatchObject({ failure: { reason: "all_models_failed", retryable: false } });
  });

  test("F1, F56: all rate limited, with the smallest wait", () => {
    const waits = [9000, 2000, 5000];
    const script: Script = {
      members: (_, v) => failure("rate_limit_exceeded", { retryAfterMs: waits[v] ?? 0 }),
    };
    expect(runScript(specWith(), script).record.result).toMatchObject({
      failure: { reason: "rate_limit_exceeded", retryAfterMs: 2000, retryable: true },
    });
  });

  test("F10, F56: all timed out", () => {
    expect(runScript(specWith(), allSay(failure("upstream_timeout"))).record.result).toMatchObject({
      failure: { reason: "upstream_timeout" },
    });
  });

  test("F57: 2 of 5 left where 3 are needed", () => {
    const members = ["a", "b", "c", "d", "e"].map((model) => member(model));
    const script: Script = { members: (_, voter) => (voter < 2 ? "42" : failure("upstream_error")) };
    const { record, paid } = runScript(specWith({ members }), script);
    expect(record.result).toMatchObject({
      failure: {
        reason: "quorum_not_met",
        message: "2 of 5 answers are usable, 3 are needed; 3 failed.",
        retryable: true,
      },
    });
    expect(record.members.map((m) => m.answerKey)).toEqual(["42", "42", "", "", ""]);
    expect(paid).toEqual({ members: 5, aggregator: 0, judges: 0 });
  });

  test("F58: all disagree: an honest answer of low agreement, dissent listed", () => {
    const { record } = runScript(specWith({ aggregation: { strategy: "majority" } }), allSay("1", "2", "3"));
    expect(record.result).toMatchObject({ status: "completed" });
    expect(record.agreement).toBeCloseTo(1 / 3);
    expect(record.dissent).toHaveLength(2);
    expect(record.validated).toBeNull();
  });

  test("F18: empty answers are no votes, and the message says what they were", () => {
    const { record } = runScript(specWith(), allSay("", "   ", "42"));
    expect(record.result).toMatchObject({
      failure: {
        reason: "quorum_not_met",
        message: "1 of 3 answers are usable, 2 are needed; 2 without an answer that has a vote (empty).",
        retryable: false,
      },
    });
    expect(record.members.map((m) => m.status)).toEqual(["abstained", "abstained", "answered"]);
  });

  test("F19: all refused is a refusal and not a fault", () => {
    const script = allSay(
      completion("half an ans", { finishReason: "content_filter" }),
      completion("", { refusal: "I will not." }),
    );
    expect(runScript(specWith(), script).record.result).toMatchObject({
      failure: { reason: "refused", retryable: false },
    });
  });

  test("F7: one of three fails: the run goes on with two and says so", () => {
    const { record, paid } = runScript(specWith(), allSay("42", "42", failure("upstream_error")));
    expect(record.result).toMatchObject({ status: "completed" });
    expect(record.degraded).toEqual(["member_failed"]);
    expect(record.members[2]).toMatchObject({
      status: "failed",
      failure: { reason: "upstream_error" },
      usage: noUsage,
    });
    expect(paid).toEqual({ members: 3, aggregator: 1, judges: 0 });
  });

  test("in a later round the earlier answer is kept", () => {
    const script: Script = {
      members: (round, voter) =>
        round === 1 ? (["42", "42", "41"][voter] ?? "") : failure("upstream_error"),
      aggregator: (round) => `answer ${round}`,
    };
    const { record, paid } = runScript(specWith({ rounds: { max: 3, stopWhen: "never" } }), script);
    expect(record.result).toEqual({ status: "completed", answer: "answer 1", stopped: "complete" });
    expect(record.degraded).toEqual(["member_failed"]);
    expect(paid).toEqual({ members: 6, aggregator: 1, judges: 0 });
  });

  test("in a later round the kept answer still goes to the gate", () => {
    const script: Script = {
      members: (round) => (round === 1 ? "42" : failure("upstream_error")),
      judge: () => "right",
    };
    const spec = specWith({ rounds: { max: 2, stopWhen: "never" }, judge: { mode: "gate" } });
    expect(runScript(spec, script).record).toMatchObject({ validated: true, stopped: "accepted" });
  });
});

describe("an aggregation that fails", () => {
  test("F51: the aggregator fails: the plurality is the answer, marked", () => {
    const { record, paid } = runScript(specWith(), {
      ...allSay("41", "42", "42"),
      aggregator: () => failure("upstream_timeout"),
    });
    expect(record.result).toMatchObject({ status: "completed", answer: "42" });
    expect(record.degraded).toEqual(["aggregator_unavailable"]);
    expect(paid).toEqual({ members: 3, aggregator: 1, judges: 0 });
  });

  test.each(["synthesis", "majority", "concatenate"] as const)(
    "F51: the service is down: %s has a local outcome",
    (strategy) => {
      const script: Script = { ...allSay("41", "42", "42"), aggregation: () => "down" };
      const { record, paid } = runScript(specWith({ aggregation: { strategy } }), script);
      expect(record.result).toMatchObject({ status: "completed" });
      expect(record.degraded).toEqual(["aggregator_unavailable"]);
      expect(paid.aggregator).toBe(0);
      expect(record.calls).toEqual({ made: 3, saved: 0 });
    },
  );

  test("F51: the service is down in a later round: the earlier answer is kept", () => {
    const script: Script = {
      ...allSay("41", "42", "42"),
      aggregator: () => "good",
      aggregation: (r) => (r > 1 ? "down" : "up"),
    };
    const { record } = runScript(specWith({ rounds: { max: 2, stopWhen: "never" } }), script);
    expect(record.result).toMatchObject({ answer: "good" });
  });

  test("after a part of the text went out no other text follows", () => {
    const { record } = runScript(specWith(), { ...allSay("42"), aggregation: () => "cut" });
    expect(record.result).toMatchObject({ status: "failed", failure: { reason: "service_unavailable" } });
  });

  test("an empty aggregate is a failure", () => {
    const spec = specWith();
    let { state } = nextStep(newRun, { type: "run_started", spec, messages: question });
    for (const index of [0, 1, 2]) {
      const event = { round: 1, voter: { member: index, sample: 1 }, completion: completion("42") };
      ({ state } = nextStep(state, { type: "member_answered", ...event }));
    }
    ({ state } = nextStep(state, { type: "round_ended", round: 1, stop: "complete", usable: 3, quorum: 2 }));
    const outcome = {
      text: " \n",
      answerKey: "",
      agreement: null,
      votes: [],
      promptVersion: "",
      aggregatorUnavailable: false,
    };
    expect(
      nextStep(state, { type: "aggregated", round: 1, outcome, aggregatorSkipped: false }).commands,
    ).toMatchObject([
      { type: "finish", result: { status: "failed", failure: { reason: "aggregator_unavailable" } } },
    ]);
  });
});

describe("when: disagree", () => {
  const aggregation = { when: "disagree" } as const;

  test("no model is asked when all keys agree, neither the aggregator nor the judges", () => {
    const spec = specWith({ aggregation, judge: { mode: "gate", models: ["j1", "j2"], votesNeeded: 2 } });
    const { record, commands, paid } = runScript(spec, allSay("42", "It is 42.", "42.0"));
    expect(commands.map((c) => c.type)).toEqual(["ask_round", "conclude", "finish"]);
    expect(paid).toEqual({ members: 3, aggregator: 0, judges: 0 });
    expect(record).toMatchObject({
      agreement: 1,
      validated: null,
      calls: { made: 3, saved: 3 },
      degraded: [],
    });
  });

  test("models are asked when they do not", () => {
    const { paid, record } = runScript(
      specWith({ aggregation, judge: { mode: "gate" } }),
      allSay("42", "41"),
    );
    expect(paid).toEqual({ members: 3, aggregator: 1, judges: 1 });
    expect(record.calls).toEqual({ made: 5, saved: 0 });
  });

  test("saved rounds and saved models add up", () => {
    const { record } = runScript(specWith({ aggregation, rounds: { max: 2 } }), allSay("42"));
    expect(record).toMatchObject({ stopped: "agreed", calls: { made: 3, saved: 1 + 4 } });
  });

  test("a regenerated answer is judged even if all agree on it", () => {
    const script: Script = {
      members: (round, voter) => (round === 1 ? String(voter) : "42"),
      judge: (attempt) => (attempt === 1 ? "wrong" : "right"),
    };
    const { paid, record } = runScript(specWith({ aggregation, judge: { mode: "gate" } }), script);
    expect(paid).toEqual({ members: 6, aggregator: 1, judges: 2 });
    expect(record).toMatchObject({ validated: true, calls: { made: 9, saved: 1 } });
  });
});
