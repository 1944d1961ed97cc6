import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { StopRule } from "@synod/contracts/round";
import { askInsteadMetadata, SynodError } from "@synod/rpc";
import { createGate, eventually, type Script, scriptedEstimate, scriptedUsage } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { read, requestOf, roundOf, says } from "../testing/house.js";

const hedge = { case: "hedgeAfter", value: durationFromMs(20) } as const;
/** Late enough for everything else to happen before, on a machine that is busy too. */
const lateMs = 300;
const late = { case: "hedgeAfter", value: durationFromMs(lateMs) } as const;
const slow = { then: "hang" } as const;
const panel = { members: [{ model: "a", fallbacks: ["b", "c"] }], quorum: 1, hedge };
const failing = (askInstead: readonly string[] = []) => ({
  then: {
    error: new SynodError(
      { reason: "upstream_error", message: "503 from the provider" },
      { metadata: askInsteadMetadata(askInstead) },
    ),
  },
});

/** One round of a panel. */
async function ask(script: Script, request: Parameters<typeof requestOf>[1] = panel) {
  const house = roundOf(script);
  const { words, responses } = await read(house.rounds.runRound(requestOf([], request)));
  const valueOf = (name: string) => responses.find(({ event }) => event.case === name)?.event.value;
  return { ...house, words, answered: valueOf("answered"), failed: valueOf("failed"), valueOf };
}

const modelsOf = (asked: readonly { readonly question: { readonly model: string } }[]) =>
  asked.map(({ question }) => question.model);

describe("a member that takes long", () => {
  test("its first fallback is asked too, and wins: the member is cancelled, and both are counted", async () => {
    const { words, answered, asked, metrics, valueOf } = await ask(({ model }) =>
      model === "a" ? slow : says("42"),
    );
    expect(words).toEqual(["hedged 0/1", "answered 0/1", "ended COMPLETE"]);
    expect(valueOf("hedged")).toMatchObject({ model: "b" });
    expect(answered).toMatchObject({
      hedgeWon: true,
      completion: {
        model: "b",
        attempts: 2,
        usage: {
          costUsdNanos: scriptedUsage.costUsdNanos + scriptedEstimate.costUsdNanos,
          outputTokens: scriptedUsage.outputTokens + scriptedEstimate.outputTokens,
          estimated: true,
        },
      },
    });
    expect(modelsOf(asked)).toEqual(["a", "b"]);
    expect(asked[1]?.question).toMatchObject({ fallbacks: ["c"], callerAsksFallbacks: false });
    await eventually(() => asked[0]?.state === "aborted", { what: "the cancellation" });
    expect(await metrics.text()).toContain('synod_round_hedges_total{result="won",process="test"} 1');
  });

  test("its answer counts from when it was asked", async () => {
    const { answered } = await ask(({ model }) => (model === "a" ? slow : says("42")));
    expect(answered).toMatchObject({ completion: { latencyMs: expect.any(BigInt) } });
    const { completion } = answered as { completion: { latencyMs: bigint } };
    expect(completion.latencyMs).toBeGreaterThanOrEqual(19n);
  });

  test("it answers before its fallback all the same: the fallback is cancelled", async () => {
    const gate = createGate();
    const { words, answered, asked } = await ask(async ({ model }) => {
      if (model === "a") await gate.opened;
      else gate.open();
      return model === "a" ? says("42") : slow;
    });
    expect(words).toEqual(["hedged 0/1", "answered 0/1", "ended COMPLETE"]);
    expect(answered).toMatchObject({ hedgeWon: false, completion: { model: "a", attempts: 2 } });
    await eventually(() => asked[1]?.state === "aborted");
    expect(asked).toHaveLength(2);
  });

  test("an answer without a vote is none: the other one is waited for", async () => {
    const gate = createGate();
    const { words, answered, asked } = await ask(async ({ model }) => {
      if (model === "a") await gate.opened;
      // Whoever hears of it goes on only after this answer was taken in.
      else setImmediate(() => gate.open());
      return { text: model === "a" ? "Answer: 42" : "" };
    });
    expect(words).toEqual(["hedged 0/1", "answered 0/1", "ended COMPLETE"]);
    expect(answered).toMatchObject({
      hedgeWon: false,
      completion: { model: "a", attempts: 2, usage: { costUsdNanos: 2n * scriptedUsage.costUsdNanos } },
    });
    expect(asked.map(({ state }) => state)).toEqual(["finished", "finished"]);
  });

  test("neither of both has a vote: its own is told", async () => {
    const { words, answered, asked } = await ask(async ({ model }, before) => {
      if (model === "a" && before === 0) await new Promise((resolve) => setTimeout(resolve, 60));
      return { text: " ", refusal: model };
    });
    expect(words).toEqual(["hedged 0/1", "answered 0/1", "ended QUORUM_LOST"]);
    expect(answered).toMatchObject({ completion: { model: "a", attempts: 2 } });
    expect(asked).toHaveLength(2);
  });

  test("its fallback fails: it is waited for", async () => {
    const gate = createGate();
    const { words, answered, asked } = await ask(async ({ model }) => {
      if (model === "a") await gate.opened;
      else setImmediate(() => gate.open());
      return model === "a" ? says("42") : failing();
    });
    expect(words).toEqual(["hedged 0/1", "answered 0/1", "ended COMPLETE"]);
    expect(answered).toMatchObject({ hedgeWon: false, completion: { model: "a" } });
    expect(asked.map(({ state }) => state)).toEqual(["finished", "failed"]);
  });

  test("it fails while its fallback is asked: nobody is asked again, and the fallback answers", async () => {
    const gate = createGate();
    const { words, answered, asked } = await ask(async ({ model }) => {
      if (model === "a") {
        await gate.opened;
        return failing(["b", "c"]);
      }
      gate.open();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return says("42");
    });
    expect(words).toEqual(["hedged 0/1", "answered 0/1", "ended COMPLETE"]);
    expect(answered).toMatchObject({ hedgeWon: true, completion: { model: "b" } });
    expect(modelsOf(asked)).toEqual(["a", "b"]);
  });

  test("both fail: the member has failed, and both calls are counted", async () => {
    const gate = createGate();
    const { words, failed, asked } = await ask(async ({ model }) => {
      if (model === "a") await gate.opened;
      else gate.open();
      return failing();
    });
    expect(words).toEqual(["hedged 0/1", "failed 0/1", "ended QUORUM_LOST"]);
    expect(failed).toMatchObject({ failure: { message: "503 from the provider" }, attempts: 2 });
    expect(asked).toHaveLength(2);
  });
});

describe("a member that fails before it is hedged", () => {
  test("its fallback is asked once, as without hedging, and that is no hedge", async () => {
    const { words, answered, asked } = await ask(
      ({ model }) => (model === "a" ? failing(["c", "a"]) : says("42")),
      { ...panel, hedge: late },
    );
    expect(words).toEqual(["answered 0/1", "ended COMPLETE"]);
    expect(answered).toMatchObject({ hedgeWon: false, completion: { model: "c", attempts: 2 } });
    expect(modelsOf(asked)).toEqual(["a", "c"]);
    expect(asked[0]?.question.callerAsksFallbacks).toBe(true);
    expect(asked[1]?.question).toMatchObject({ fallbacks: ["a"], callerAsksFallbacks: false });
  });

  test("nobody may be asked instead: it has failed", async () => {
    const { words, asked } = await ask(() => failing(), { ...panel, hedge: late });
    expect(words).toEqual(["failed 0/1", "ended QUORUM_LOST"]);
    expect(asked).toHaveLength(1);
  });

  test("its fallback takes long: it is not asked a second time", async () => {
    const { words, asked } = await ask(
      async ({ model }) => {
        if (model === "a") return failing(["b", "c"]);
        await new Promise((resolve) => setTimeout(resolve, lateMs + 50));
        return says("42");
      },
      { ...panel, hedge: late },
    );
    expect(words).toEqual(["answered 0/1", "ended COMPLETE"]);
    expect(modelsOf(asked)).toEqual(["a", "b"]);
  });
});

describe("who is not hedged", () => {
  test.each([
    [
      "one that is quick",
      { ...panel, hedge: { case: "hedgeAfter", value: durationFromMs(60_000) } as const },
    ],
    ["anyone when it is off", { ...panel, hedge: { case: undefined } }],
    [
      "anyone by p95, before enough is known",
      { ...panel, hedge: { case: "hedgeAfterP95", value: true } as const },
    ],
    ["one without fallbacks", { ...panel, members: [{ model: "a" }] }],
  ])("%s", async (_, request) => {
    const { words, asked } = await ask(async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return says("42");
    }, request);
    expect(words).toEqual(["answered 0/1", "ended COMPLETE"]);
    expect(asked).toHaveLength(1);
  });

  test("more than one sample of a member", async () => {
    const members = [{ model: "a", fallbacks: ["b"], samples: 3 }];
    const { words, asked } = await ask(({ model }) => (model === "a" ? slow : says("42")), {
      members,
      hedge,
      quorum: 1,
      grace: durationFromMs(50),
    });
    expect(words.filter((word) => word.startsWith("hedged"))).toEqual(["hedged 0/1"]);
    expect(words).toContain("answered 0/1");
    expect(words.at(-1)).toBe("ended QUORUM");
    expect(modelsOf(asked).toSorted()).toEqual(["a", "a", "a", "b"]);
  });

  test("more than three and a tenth of the calls", async () => {
    const members = Array.from({ length: 6 }, () => ({ model: "a", fallbacks: ["b"] }));
    const { words, asked, metrics } = await ask(({ model }) => (model === "a" ? slow : says("42")), {
      members,
      hedge,
      quorum: 3,
      grace: durationFromMs(50),
    });
    expect(words.filter((word) => word.startsWith("hedged"))).toHaveLength(3);
    expect(words.at(-1)).toBe("ended QUORUM");
    expect(asked).toHaveLength(9);
    expect(await metrics.text()).toContain('synod_round_hedges_total{result="refused",process="test"} 3');
  });
});

describe("by the member's own p95", () => {
  test("it is known after twenty answers", async () => {
    const house = roundOf(({ model }, before) => (model === "a" && before === 20 ? slow : says("42")));
    const request = requestOf([], { ...panel, hedge: { case: "hedgeAfterP95", value: true } });
    const all: string[][] = [];
    for (let round = 0; round <= 20; round++) all.push((await read(house.rounds.runRound(request))).words);
    expect(all.slice(0, 20).flat()).not.toContain("hedged 0/1");
    expect(all[20]).toEqual(["hedged 0/1", "answered 0/1", "ended COMPLETE"]);
    expect(house.asked).toHaveLength(22);
  });
});

describe("what ends a hedged member", () => {
  test("the end of the round cancels both, and both are counted", async () => {
    const { words, asked, valueOf } = await ask(({ model }) => (model < "c" ? slow : says("42")), {
      members: [{ model: "a", fallbacks: ["b"] }, { model: "c" }, { model: "d" }],
      hedge,
      quorum: 2,
      grace: durationFromMs(200),
    });
    expect(words.slice(0, 3).toSorted()).toEqual(["answered 1/1", "answered 2/1", "hedged 0/1"]);
    expect(words.slice(3)).toEqual(["cancelled 0/1", "ended QUORUM"]);
    expect(valueOf("cancelled")).toMatchObject({
      attempts: 2,
      usage: { costUsdNanos: 2n * scriptedEstimate.costUsdNanos },
    });
    await eventually(() => asked.filter(({ state }) => state === "aborted").length === 2);
    expect(asked).toHaveLength(4);
  });

  test("a decided round does not hedge any more", async () => {
    const { words, asked } = await ask(({ model }) => (model === "a" ? slow : says("42")), {
      members: [{ model: "a", fallbacks: ["b"] }, { model: "c" }, { model: "d" }],
      hedge: late,
      stopRule: StopRule.LOSSLESS,
    });
    expect(words.slice(2)).toEqual(["cancelled 0/1", "ended LOSSLESS"]);
    await new Promise((resolve) => setTimeout(resolve, lateMs + 50));
    expect(modelsOf(asked)).toEqual(["a", "c", "d"]);
  });

  test("F25: a caller that leaves cancels both within a second", async () => {
    const { rounds, asked } = roundOf(() => slow);
    const controller = new AbortController();
    const result = read(rounds.runRound(requestOf([], panel), { signal: controller.signal })).catch(
      () => "left",
    );
    await eventually(() => asked.length === 2);
    controller.abort();
    expect(await result).toBe("left");
    await eventually(() => asked.every(({ state }) => state === "aborted"));
    expect(asked).toHaveLength(2);
  });
});
