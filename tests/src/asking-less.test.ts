import type { FaultRule, LedgerCall } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, post, question, textOf } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { until } from "./harness/until.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";

const fallback = "deepseek/deepseek-chat-v3-0324";
const hangs = { kind: "hang", when: "before_headers" } as const;
/** Eight members of eight families. */
const eight = Array.from({ length: 8 }, (_, index) => `family-${index}/model`);
const seats = (ids: readonly string[]) => ids.map((id) => ({ model: `openrouter/${id}` }));
const patient = { grace_ms: 60_000 };
const config = {
  presets: {
    hedged: panel({
      members: [
        { model: `openrouter/${members.gemini}`, max_tokens: 500, fallbacks: [`openrouter/${fallback}`] },
        { model: `groq/${members.llama}` },
        { model: `openrouter/${members.mistral}` },
      ],
      hedge_after_ms: 60,
      ...patient,
    }).presets.default,
    first: panel({ ask_first: 2, ...patient }).presets.default,
    weighted: panel({
      members: eight
        .slice(0, 4)
        .map((id, index) => ({ model: `openrouter/${id}`, weight: index === 0 ? 4 : 1 })),
      aggregation: { strategy: "weighted" },
      stop_early: undefined,
      quorum: 1,
      ...patient,
    }).presets.default,
    lossless: panel({ members: seats(eight.slice(0, 5)), stop_early: "lossless", ...patient }).presets
      .default,
    confident: panel({ members: seats(eight), quorum: 4, stop_early: "confident", ...patient }).presets
      .default,
  },
  providers: { openrouter: { max_attempts: 1 }, groq: { max_attempts: 1 } },
};

describe.each(deployments)("asking less, $name", (kind) => {
  let upstream: Upstream;
  let synod: Deployment;

  beforeAll(async () => {
    upstream = await startUpstream();
    synod = await startDeployment(kind, { env: upstream.env, config });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await upstream[Symbol.asyncDispose]();
  });

  const ask = async (preset: string, extra: object = {}): Promise<CompletionJson> => {
    const body = { ...question("Which number is it?", `synod/${preset}`), consensus: extra };
    const answer = await post(`${synod.url}/v1/chat/completions`, body);
    expect(answer.text).toContain('"consensus"');
    await until("nothing is left open", () => upstream.simulator.control.stats().inFlight === 0, 1_000);
    return answer.json<CompletionJson>();
  };
  const aborted = (): readonly LedgerCall[] => upstream.calls().filter(({ state }) => state === "aborted");
  const modelsAsked = (): readonly string[] => upstream.calls().map(({ model }) => model);

  describe("a hedge", () => {
    const others = [says(members.llama, "7"), says(members.mistral, "8")];

    it("asks the fallback of a member that is slow, and the record says who answered", async () => {
      upstream.script([...others, fails(members.gemini, hangs), says(fallback, "7")]);
      const { consensus, ...completion } = await ask("hedged");
      expect(textOf({ consensus, ...completion })).toBe("7");
      expect(consensus).toMatchObject({ stopped: "complete", degraded: [], calls: { made: 4, saved: 0 } });
      expect(consensus.members[0]).toMatchObject({
        model: `openrouter/${fallback}`,
        status: "answered",
        answer_key: "7",
        hedge: { model: `openrouter/${fallback}`, won: true },
      });
      expect(consensus.members.slice(1).map(({ hedge }) => hedge)).toEqual([null, null]);
      expect(modelsAsked().toSorted()).toEqual(
        [fallback, members.gemini, members.llama, members.mistral].toSorted(),
      );
      expect(aborted().map(({ model }) => model)).toEqual([members.gemini]);
      expect(consensus.cost_usd).toBeGreaterThan(0);
    });

    it("does not ask the fallback of one that is quick", async () => {
      upstream.script([...others, says(members.gemini, "7")]);
      const { consensus } = await ask("hedged", { hedge_after_ms: 60_000 });
      expect(consensus.members.map(({ hedge }) => hedge)).toEqual([null, null, null]);
      expect(upstream.calls()).toHaveLength(3);
    });

    it("is none when the member fails at once: its fallback is asked once, and not again when it is slow", async () => {
      upstream.script([
        ...others,
        fails(members.gemini, { kind: "status", status: 500 }),
        {
          model: fallback,
          calls: "all",
          fault: [
            { kind: "say", text: "7" },
            { kind: "slow_first_token", ms: 700 },
          ],
        },
      ]);
      const { consensus } = await ask("hedged", { hedge_after_ms: 500 });
      expect(consensus.members[0]).toMatchObject({ model: `openrouter/${fallback}`, hedge: null });
      expect(consensus.calls).toEqual({ made: 4, saved: 0 });
      expect(modelsAsked().filter((model) => model === fallback)).toHaveLength(1);
    });
  });

  describe("asking two first", () => {
    it("never asks the third when they agree, and its record names two", async () => {
      upstream.script([says(members.gemini, "7"), says(members.llama, "It is 7.")]);
      const { consensus } = await ask("first");
      expect(consensus).toMatchObject({
        stopped: "agreed",
        agreement: 1,
        degraded: [],
        calls: { made: 2, saved: 1 },
      });
      expect(consensus.members.map(({ status }) => status)).toEqual(["answered", "answered"]);
      expect(modelsAsked().toSorted()).toEqual([members.gemini, members.llama].toSorted());
    });

    it("asks the third when they do not, and nobody twice", async () => {
      upstream.script([says(members.gemini, "7"), says(members.llama, "8"), says(members.mistral, "8")]);
      const { consensus } = await ask("first");
      expect(consensus).toMatchObject({ stopped: "complete", calls: { made: 3, saved: 0 } });
      expect(consensus.members.map(({ answer_key: key }) => key)).toEqual(["7", "8", "8"]);
      expect(new Set(modelsAsked()).size).toBe(3);
      expect(upstream.calls()).toHaveLength(3);
    });

    it("asks the third when one fails", async () => {
      const failing = fails(members.gemini, { kind: "status", status: 500 });
      upstream.script([failing, says(members.llama, "8"), says(members.mistral, "8")]);
      const { consensus } = await ask("first");
      expect(consensus).toMatchObject({
        stopped: "complete",
        degraded: ["member_failed"],
        calls: { saved: 0 },
      });
      expect(upstream.calls()).toHaveLength(3);
    });
  });

  describe("stopping", () => {
    /** The first ones say 7, once all have been asked; the others hang. */
    const some = (count: number): readonly FaultRule[] =>
      eight.map((model, index) => ({
        model,
        calls: "all",
        fault:
          index < count
            ? [
                { kind: "say", text: "7" },
                { kind: "slow_first_token", ms: 50 },
              ]
            : hangs,
      }));

    it("lossless: three of five of one mind; the others are cancelled at once, and counted", async () => {
      upstream.script(some(3));
      const { consensus } = await ask("lossless");
      expect(consensus).toMatchObject({ stopped: "lossless", calls: { made: 5, saved: 2 } });
      expect(consensus.members.map(({ status }) => status).toSorted()).toEqual([
        ...["answered", "answered", "answered"],
        ...["cancelled", "cancelled"],
      ]);
      expect(upstream.calls()).toHaveLength(5);
      expect(aborted()).toHaveLength(2);
    });

    it("lossless by weight, without being told to: one who weighs more than all the others is enough", async () => {
      upstream.script(some(1));
      const { consensus } = await ask("weighted");
      expect(consensus).toMatchObject({
        strategy: "weighted",
        stopped: "lossless",
        calls: { made: 4, saved: 3 },
      });
      expect(upstream.calls()).toHaveLength(4);
      expect(aborted()).toHaveLength(3);
    });

    it("closes the sockets within 50 ms of the answer that decides", async () => {
      const delays: number[] = [];
      for (let run = 0; run < 5; run++) {
        upstream.script(some(3));
        await ask("lossless");
        const finished = upstream.calls().filter(({ state }) => state === "finished");
        const decided = Math.max(...finished.map(({ endedAt }) => endedAt ?? Infinity));
        expect(aborted()).toHaveLength(2);
        delays.push(Math.max(...aborted().map(({ endedAt }) => (endedAt ?? Infinity) - decided)));
      }
      // On a machine that is busy one run may be late.
      expect(delays.toSorted((a, b) => a - b)[2]).toBeLessThanOrEqual(50);
    });

    it("confident: four of one mind of eight, which others could still outvote", async () => {
      upstream.script(some(4));
      const { consensus } = await ask("confident");
      expect(consensus).toMatchObject({ stopped: "confident", calls: { made: 8, saved: 4 } });
      expect(upstream.calls()).toHaveLength(8);
      expect(aborted()).toHaveLength(4);
    });

    it("confident: how sure is the request's to say", async () => {
      upstream.script(some(3));
      const { consensus } = await ask("confident", { quorum: 3, stop_confidence: 0.9 });
      expect(consensus).toMatchObject({ stopped: "confident", calls: { made: 8, saved: 5 } });
      expect(aborted()).toHaveLength(5);
    });
  });
});
