import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { RoundStop, StopRule, VoteStatistic } from "@synod/contracts/round";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { dead, read, requestOf, roundOf, says } from "../testing/house.js";

const five = ["a", "b", "c", "d", "e"];

describe("two are asked first", () => {
  test("they agree: the others are never asked", async () => {
    const { rounds, asked } = roundOf(() => says("42"));
    const { words, responses } = await read(rounds.runRound(requestOf(five, { askFirst: 2 })));
    expect(words.slice(0, 2).toSorted()).toEqual(["answered 0/1", "answered 1/1"]);
    expect(words.slice(2)).toEqual(["ended AGREED"]);
    expect(responses.at(-1)?.event.value).toMatchObject({ stop: RoundStop.AGREED, usable: 2, quorum: 2 });
    expect(asked).toHaveLength(2);
  });

  test("they disagree: the others are asked, and nobody twice", async () => {
    const { rounds, asked } = roundOf(({ model }) => says(model === "b" ? "41" : "42"));
    const { words } = await read(rounds.runRound(requestOf(five, { askFirst: 2 })));
    expect(words[2]).toBe("rest asked 3");
    expect(words.filter((word) => word.startsWith("answered"))).toHaveLength(5);
    expect(words.at(-1)).toBe("ended COMPLETE");
    expect(asked.map(({ question }) => question.model)).toEqual(five);
  });

  test("one fails: the others are asked while the second is still writing", async () => {
    const gate = createGate();
    const { rounds, asked } = roundOf(async ({ model }) => {
      if (model === "a") return dead;
      if (model === "b") await gate.opened;
      return says("42");
    });
    const result = read(rounds.runRound(requestOf(five, { askFirst: 2 })));
    await eventually(() => asked.length === 5);
    gate.open();
    const { words } = await result;
    expect(words.slice(0, 2)).toEqual(["failed 0/1", "rest asked 3"]);
    expect(words.at(-1)).toBe("ended COMPLETE");
    expect(asked).toHaveLength(5);
  });

  test("F10: one hangs: the others are asked after the grace, and it is cancelled in the end", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model === "a" ? { then: "hang" } : says("42")));
    const request = requestOf(["a", "b", "c"], { askFirst: 2, grace: durationFromMs(150) });
    const { words } = await read(rounds.runRound(request));
    expect(words).toEqual(["answered 1/1", "rest asked 1", "answered 2/1", "cancelled 0/1", "ended QUORUM"]);
    expect(asked).toHaveLength(3);
    await eventually(() => asked[0]?.state === "aborted");
  });

  test("those who are asked later may take as long as the first ones took, and the grace", async () => {
    const { rounds, asked } = roundOf(async ({ model }) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return says(model);
    });
    const request = requestOf(["1", "2", "3"], { askFirst: 2, grace: durationFromMs(150) });
    const { words } = await read(rounds.runRound(request));
    expect(words.slice(2)).toEqual(["rest asked 1", "answered 2/1", "ended COMPLETE"]);
    expect(asked).toHaveLength(3);
  });

  test("one alone with samples: each further sample has the next seed, and all must agree", async () => {
    const members = [{ model: "a", samples: 3, sampling: { seed: 7n } }, { model: "b" }];
    const { rounds, asked } = roundOf(() => says("42"));
    const { words } = await read(rounds.runRound(requestOf([], { members, askFirst: 1 })));
    expect(words.at(-1)).toBe("ended AGREED");
    expect(asked.map(({ question }) => question.sampling?.seed)).toEqual([7n, 8n, 9n]);
  });

  test("F25: a caller that leaves is the end: nobody else is asked", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model === "a" ? says("42") : { then: "hang" }));
    for await (const { event } of rounds.runRound(requestOf(five, { askFirst: 2 }))) {
      expect(event.case).toBe("answered");
      break;
    }
    await eventually(() => asked[1]?.state === "aborted");
    expect(asked).toHaveLength(2);
  });
});

describe("stopping by what decides", () => {
  test("lossless by weight: three light ones cannot outvote a heavy one", async () => {
    const members = [{ model: "a", weight: 4 }, { model: "b" }, { model: "c" }, { model: "d" }];
    const ask = async (statistic: VoteStatistic) => {
      const { rounds, asked } = roundOf(({ model }) => (model === "a" ? says("42") : { then: "hang" }));
      const request = requestOf([], {
        members,
        quorum: 1,
        statistic,
        stopRule: StopRule.LOSSLESS,
        grace: durationFromMs(20),
      });
      const { words } = await read(rounds.runRound(request));
      expect(asked).toHaveLength(4);
      await eventually(() => asked.filter(({ state }) => state === "aborted").length === 3);
      return words.at(-1);
    };
    expect(await ask(VoteStatistic.WEIGHTED)).toBe("ended LOSSLESS");
    expect(await ask(VoteStatistic.PLURALITY)).toBe("ended QUORUM");
  });

  test("lossless by accuracies: the best one outweighs two that are little better than a guess", async () => {
    const members = [
      { model: "a", accuracy: 0.9 },
      { model: "b", accuracy: 0.55 },
      { model: "c", accuracy: 0.55 },
    ];
    const { rounds, asked } = roundOf(({ model }) => (model === "a" ? says("42") : { then: "hang" }));
    const more = { members, quorum: 1, statistic: VoteStatistic.WEIGHTED, stopRule: StopRule.LOSSLESS };
    const { words } = await read(rounds.runRound(requestOf([], more)));
    expect(words.slice(1)).toEqual(["cancelled 1/1", "cancelled 2/1", "ended LOSSLESS"]);
    expect(asked).toHaveLength(3);
  });

  test("confident: four of one mind of nine are enough; of one family they are one", async () => {
    const ask = async (family: string) => {
      const members = Array.from({ length: 9 }, (_, i) => ({ model: `m${i}`, family }));
      const { rounds, asked } = roundOf(({ model }) => (model < "m4" ? says("42") : { then: "hang" }));
      const stopRule = StopRule.CONFIDENT;
      const request = requestOf([], { members, quorum: 4, stopRule, grace: durationFromMs(20) });
      const { words } = await read(rounds.runRound(request));
      expect(words.filter((word) => word.startsWith("cancelled"))).toHaveLength(5);
      expect(asked).toHaveLength(9);
      return words.at(-1);
    };
    expect(await ask("")).toBe("ended CONFIDENT");
    expect(await ask("one")).toBe("ended QUORUM");
  });

  test("confident: how sure is the request's to say", async () => {
    const { rounds, asked } = roundOf(({ model }) => (model < "m2" ? says("42") : { then: "hang" }));
    const models = Array.from({ length: 9 }, (_, i) => `m${i}`);
    const more = { quorum: 2, stopRule: StopRule.CONFIDENT, stopConfidence: 0.8 };
    expect((await read(rounds.runRound(requestOf(models, more)))).words.at(-1)).toBe("ended CONFIDENT");
    expect(asked).toHaveLength(9);
  });
});
