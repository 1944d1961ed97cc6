import type { Fault } from "@synod/simulator";
import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { askModel } from "../harness/ask-model.js";
import { type CompletionJson, post, question } from "../harness/api.js";
import { fails } from "../harness/upstream.js";
import type { FaultCase } from "./fault-case.js";
import { callsOf, type FaultGroup, playNamed } from "./fault-house.js";

/** A dollar for a million tokens, read or written, where the provider does not say what it cost. */
const modelSettings = { input_usd_per_million: 1, output_usd_per_million: 1 };

const odd: readonly [name: string, play: Fault, estimated: boolean][] = [
  ["missing", { kind: "usage", as: "missing" }, true],
  ["negative", { kind: "usage", as: "negative" }, true],
  ["1e308", { kind: "usage", as: "absurd" }, true],
  ["a sum that does not add up", { kind: "usage", as: "mismatch" }, true],
  [
    "fractions",
    { kind: "usage", as: "fields", fields: { prompt_tokens: 1.5, completion_tokens: "7" } },
    true,
  ],
  ["in the finish chunk", { kind: "usage_place", as: "finish_chunk" }, false],
  ["in a chunk of its own", { kind: "usage_place", as: "own_chunk" }, false],
  ["beside a repeated choice", { kind: "usage_place", as: "repeated_choice" }, false],
];

const cases: readonly FaultCase[] = [
  ...odd.map(([name, play]): FaultCase => ({
    fault: "F24",
    name: `usage: ${name}`,
    play,
    modelSettings,
    told: { status: 200 },
    paid: 1,
    streamed: { status: 200 },
  })),
  {
    fault: "F24",
    name: "usage: missing (groq)",
    wire: "groq",
    play: { kind: "usage", as: "missing" },
    modelSettings,
    told: { status: 200 },
    paid: 1,
  },
  {
    fault: "F24",
    name: "two choices with one index: the first counts",
    play: { kind: "choices", as: "twice" },
    told: { status: 200 },
    paid: 1,
    streamed: { status: 200 },
  },
  {
    fault: "F24",
    name: "another model's name",
    play: { kind: "served_model", model: "acme/another" },
    told: { status: 200 },
    paid: 1,
  },
];

const seat = "openrouter/acme/renamed";

/** F24: upstreams that say odd things of what an answer used. */
export const usage: FaultGroup = {
  name: "usage",
  cases,
  presets: { one: { members: [{ model: seat }], aggregation: { strategy: "majority" }, stop_early: "off" } },
  rules: [fails("acme/renamed", { kind: "served_model", model: "acme/another-name" })],
  more(house) {
    it.each(odd)(
      "F24: no figure is absurd (usage: %s), and an estimate says so",
      async (name, _, estimated) => {
        const { provider, model } = playNamed(house(), `usage: ${name}`);
        const before = callsOf(house(), model).length;
        for (const stream of [false, true]) {
          const { usage: said } = await askModel(house().synod.url, `${provider}/${model}`, { stream });
          const { prompt_tokens: read, completion_tokens: written, total_tokens: all, cost } = said ?? {};
          for (const tokens of [read, written]) {
            expect(tokens).toBeGreaterThan(0);
            expect(tokens).toBeLessThan(1_000);
          }
          expect(all).toBe(Number(read) + Number(written));
          expect(cost).toBeGreaterThan(0);
          expect(cost).toBeLessThan(0.01);
          expect(said?.["estimated"] ?? false).toBe(estimated);
        }
        await using grpc = grpcClient(house().synod.grpcAddress);
        expect((await grpc.ask(`${provider}/${model}`)).usage?.estimated).toBe(estimated);
        expect(callsOf(house(), model)).toHaveLength(before + 3);
      },
    );

    it("F24: the model that the provider names is kept", async () => {
      const answer = await post(
        `${house().synod.url}/v1/chat/completions`,
        question("What is 17 * 23?", "synod/one"),
      );
      const [member] = answer.json<CompletionJson>().consensus.members;
      expect(member).toMatchObject({ model: seat, served_model: "acme/another-name", status: "answered" });
      expect(callsOf(house(), "acme/renamed")).toHaveLength(1);
    });
  },
};
