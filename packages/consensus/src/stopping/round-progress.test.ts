import { fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import { castBallots } from "../answers/ballots.js";
import { standings } from "../voting/tally.js";
import { fails, graceOver, playRound, rulesFor, says, voter } from "../testing/rounds.js";
import { completion } from "../testing/specs.js";
import { outstandingVoters, roundStep } from "./round-progress.js";
import {
  newRound,
  type RoundDecision,
  type RoundHappening,
  type RoundProgress,
  type RoundRules,
} from "./round-rules.js";

/** What a round decides, one short word for each thing that happens until it stops. */
function play(rules: RoundRules, ...happenings: readonly RoundHappening[]): readonly string[] {
  return playRound(rules, happenings).words;
}

describe("quorum and grace", () => {
  test("all answer: complete", () => {
    expect(play(rulesFor(3), says(0, "1"), says(1, "2"), says(2, "3"))).toEqual([
      "wait",
      "start_grace",
      "complete",
    ]);
  });

  test("the grace is over: the quorum decides", () => {
    expect(play(rulesFor(3), says(2, "1"), says(0, "2"), graceOver)).toEqual([
      "wait",
      "start_grace",
      "quorum",
    ]);
  });

  test("the grace is started once", () => {
    const rules = rulesFor(5, { quorum: 2 });
    expect(play(rules, says(0, "1"), says(1, "2"), says(2, "3"), fails(3), graceOver)).toEqual([
      "wait",
      "start_grace",
      "wait",
      "wait",
      "quorum",
    ]);
  });

  test("one of three fails: complete with two", () => {
    expect(play(rulesFor(3), fails(1), says(0, "1"), says(2, "1"))).toEqual(["wait", "wait", "complete"]);
  });

  test("F18: an empty or refused answer is not usable", () => {
    const refused: RoundHappening = {
      type: "answered",
      voter: voter(1),
      completion: completion("", { refusal: "no" }),
    };
    expect(play(rulesFor(3, { quorum: 1 }), says(0, " "), refused, says(2, "1"))).toEqual([
      "wait",
      "wait",
      "complete",
    ]);
  });

  test("F19: when all refuse, the last of them is heard too", () => {
    const refuses = (member: number): RoundHappening => ({
      type: "answered",
      voter: voter(member),
      completion: completion("", { refusal: "no" }),
    });
    expect(play(rulesFor(3), refuses(0), refuses(1), refuses(2))).toEqual([
      "wait",
      "start_grace",
      "quorum_lost",
    ]);
  });

  test("an answer without what the format asks for is not usable", () => {
    const rules = rulesFor(3, { answerFormat: "number" });
    expect(play(rules, says(0, "no idea"), says(1, "not sure"))).toEqual(["wait", "quorum_lost"]);
  });
});

describe("F57: a lost quorum", () => {
  test("one answered: the round stops at once", () => {
    expect(play(rulesFor(5), says(0, "1"), fails(1), fails(2), fails(3))).toEqual([
      "wait",
      "wait",
      "wait",
      "quorum_lost",
    ]);
  });

  test("F56: nobody answered: the others get the grace, so that all may fail", () => {
    expect(play(rulesFor(3), fails(0), fails(1), fails(2))).toEqual(["wait", "start_grace", "quorum_lost"]);
    expect(play(rulesFor(3), fails(0), fails(1), graceOver)).toEqual(["wait", "start_grace", "quorum_lost"]);
    expect(play(rulesFor(3), fails(0), fails(1), says(2, "1"))).toEqual([
      "wait",
      "start_grace",
      "quorum_lost",
    ]);
    expect(play(rulesFor(4, { quorum: 4 }), fails(0), fails(1), fails(2), fails(3))).toEqual([
      "start_grace",
      "wait",
      "wait",
      "quorum_lost",
    ]);
  });
});

describe("lossless", () => {
  const rules = rulesFor(5, { stopEarly: "lossless" });

  test("stops when nobody can change the winner", () => {
    expect(play(rules, says(0, "42"), says(1, "It is 42"), says(2, "42.0"))).toEqual([
      "wait",
      "wait",
      "lossless",
    ]);
  });

  test("a failure can decide it too", () => {
    const happenings = [says(0, "42"), says(1, "42"), says(2, "41"), fails(3)];
    expect(play(rulesFor(5, { stopEarly: "lossless", quorum: 3 }), ...happenings, fails(4)).at(-1)).toBe(
      "complete",
    );
    expect(
      play(rulesFor(4, { stopEarly: "lossless", quorum: 2 }), says(0, "42"), says(1, "42"), fails(2)),
    ).toEqual(["wait", "start_grace", "lossless"]);
  });

  test("never before the quorum", () => {
    const all = rulesFor(5, { stopEarly: "lossless", quorum: 5 });
    expect(play(all, ...[0, 1, 2, 3].map((m) => says(m, "42")))).toEqual(["wait", "wait", "wait", "wait"]);
  });

  test("not when it is off", () => {
    expect(play(rulesFor(5), ...[0, 1, 2, 3].map((m) => says(m, "42")))).not.toContain("lossless");
  });

  test("has the winner that waiting for all has", () => {
    const answer = fc.constantFrom("42", "41", "40", "Paris", "");
    const panel = fc.array(fc.tuple(answer, fc.constantFrom(1, 2, 0.5), fc.boolean()), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(panel, (members) => {
        const voters = members.map(([, weight], member) => ({ voter: voter(member), weight }));
        const panelRules = { ...rulesFor(members.length, { stopEarly: "lossless", quorum: 1 }), voters };
        const happenings = members.map(([text, , isUp], m) => (isUp ? says(m, text) : fails(m)));
        let progress: RoundProgress = newRound;
        let decision: RoundDecision = { type: "wait" };
        let early: string | undefined;
        for (const happening of happenings) {
          ({ progress, decision } = roundStep(panelRules, progress, happening));
          const winner = standings(castBallots(progress.answers, "auto"))[0]?.key;
          if (decision.type === "stop" && decision.stop === "lossless") early ??= winner;
        }
        expect(outstandingVoters(panelRules, progress)).toEqual([]);
        const final = standings(castBallots(progress.answers, "auto"))[0]?.key;
        if (early !== undefined) expect(early).toBe(final);
      }),
      { numRuns: 500 },
    );
  });
});

test("a round always ends: when all are in, it has stopped", () => {
  const happening = fc.tuple(fc.boolean(), fc.constantFrom("42", "41", "", "x"));
  const panel = fc.array(happening, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      panel,
      fc.nat(),
      fc.constantFrom("off", "lossless", "confident" as const),
      (members, quorum, stopEarly) => {
        const rules = rulesFor(members.length, { quorum: 1 + (quorum % members.length), stopEarly });
        const decisions = play(rules, ...members.map(([isUp, text], m) => (isUp ? says(m, text) : fails(m))));
        const usable = members.filter(([isUp, text]) => isUp && text !== "").length;
        const ends = usable >= rules.quorum ? ["complete", "lossless", "confident"] : ["quorum_lost"];
        expect(ends).toContain(decisions.at(-1));
      },
    ),
  );
});
