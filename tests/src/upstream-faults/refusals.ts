import { Code } from "@connectrpc/connect";
import type { Fault } from "@synod/simulator";
import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { askModel } from "../harness/ask-model.js";
import { fails, says } from "../harness/upstream.js";
import { type FaultCase, spareText, type Told } from "./fault-case.js";
import { askAgain, callsOf, type FaultGroup, playNamed } from "./fault-house.js";

const noRepeat = (status: number, code: string): Told => ({ status, code, again: false });
const refusedKey = noRepeat(502, "provider_auth");
const noCredit = noRepeat(503, "provider_credit");
const unknownModel = noRepeat(404, "model_not_found");
const tooLong = noRepeat(400, "context_length_exceeded");
const rejected = noRepeat(400, "upstream_rejected");
const withheld: Told = { status: 200, text: "", finishReason: "content_filter" };

const final: readonly [name: string, wire: "openrouter" | "groq", play: Fault, told: Told, spare?: number][] =
  [
    ["400", "openrouter", { kind: "status", status: 400 }, rejected],
    ["400 of Groq", "groq", { kind: "status", status: 400 }, rejected],
    ["401 on our key", "openrouter", { kind: "status", status: 401 }, refusedKey, 1],
    ["401 on our key at Groq", "groq", { kind: "status", status: 401 }, refusedKey, 1],
    [
      "401 whose body breaks off",
      "openrouter",
      { kind: "status", status: 401, body: "breaks" },
      refusedKey,
      1,
    ],
    ["402", "openrouter", { kind: "status", status: 402 }, noCredit, 1],
    ["403 that is a missing permission", "openrouter", { kind: "status", status: 403 }, refusedKey, 1],
    ["403 of moderation is the member's refusal", "openrouter", { kind: "moderation" }, withheld],
    ["403 of a guardrail", "openrouter", { kind: "moderation", by: "guardrail" }, withheld],
    ["404", "openrouter", { kind: "status", status: 404 }, unknownModel, 1],
    [
      "404 of Groq",
      "groq",
      { kind: "status", status: 404, fields: { code: "model_not_found" } },
      unknownModel,
      1,
    ],
    [
      "400 that is no model",
      "openrouter",
      { kind: "status", status: 400, message: "acme/f5 is not a valid model ID" },
      unknownModel,
      1,
    ],
    ["404, no endpoints", "openrouter", { kind: "unavailable", code: "no_endpoints" }, unknownModel, 1],
    ["413", "openrouter", { kind: "status", status: 413 }, tooLong],
    ["413 of Groq, which calls it a rate limit", "groq", { kind: "status", status: 413 }, tooLong],
    ["a prompt that is too long", "openrouter", { kind: "context_length" }, tooLong],
    ["a prompt that is too long for Groq", "groq", { kind: "context_length" }, tooLong],
    ["422", "openrouter", { kind: "status", status: 422 }, rejected],
  ];

const cases: readonly FaultCase[] = [
  ...final.map(([name, wire, play, told, spare]): FaultCase => ({
    fault: "F5",
    name: `${name}: one call`,
    wire,
    play,
    told,
    paid: 1,
    spoilsProvider: told === refusedKey || told === noCredit,
    ...(spare !== undefined && { fallback: [1, spare] }),
  })),
  ...(["json_validate_failed", "tool_use_failed"] as const).map((code): FaultCase => ({
    fault: "F5",
    name: `400 ${code} of Groq is sampled once more`,
    wire: "groq",
    play: { kind: "failed_generation", code },
    told: { status: 400, code: "upstream_rejected", again: false },
    paid: 2,
  })),
  {
    fault: "F5",
    name: "422 of Groq is sampled once more, and answers",
    wire: "groq",
    play: { kind: "status", status: 422 },
    calls: [1],
    told: { status: 200 },
    paid: 2,
  },
];

/** What is too long for one model, in the words of both providers: the provider's id, and what its small model does. */
const tooLongFor: Readonly<Record<string, Fault>> = {
  "narrow-or": { kind: "context_length" },
  "narrow-or-413": { kind: "status", status: 413 },
  "narrow-groq": { kind: "context_length" },
  "narrow-groq-413": { kind: "status", status: 413 },
};
const contexts = { small: 1_000, smaller: 500, large: 100_000 };

const narrowPresets = Object.keys(tooLongFor).flatMap((id) => {
  const preset = (...fallbacks: readonly string[]) => ({
    members: [{ model: `${id}/${id}-small`, fallbacks: fallbacks.map((name) => `${id}/${id}-${name}`) }],
    aggregation: { strategy: "majority" },
    stop_early: "off",
  });
  return [
    [id, preset("smaller", "large")],
    [`${id}-only`, preset("smaller")],
  ] as const;
});

/** F5: upstreams that refuse. */
export const refusals: FaultGroup = {
  name: "refusals",
  cases,
  providers: ({ openrouterUrl, groqUrl }) =>
    Object.fromEntries(
      Object.keys(tooLongFor).map((id) => {
        const [kind, base_url] = id.includes("groq") ? ["groq", groqUrl] : ["openrouter", openrouterUrl];
        const sizes = Object.entries(contexts);
        const models = Object.fromEntries(
          sizes.map(([name, context_tokens]) => [`${id}-${name}`, { context_tokens }]),
        );
        return [id, { kind, base_url, models }];
      }),
    ),
  presets: Object.fromEntries(narrowPresets),
  rules: Object.entries(tooLongFor).flatMap(([id, fault]) => [
    fails(`${id}-small`, fault),
    says(`${id}-smaller`, "Nobody should ask me."),
    says(`${id}-large`, spareText),
  ]),
  more(house) {
    it.each(Object.keys(tooLongFor))(
      "F5: what is too long for a member goes to the fallback that is known to take more (%s)",
      async (id) => {
        const callsTo = (name: string) => callsOf(house(), `${id}-${name}`).length;
        const answer = await askModel(house().synod.url, `synod/${id}`);
        expect(answer).toMatchObject({ status: 200, text: spareText });
        expect([callsTo("small"), callsTo("smaller"), callsTo("large")]).toEqual([1, 0, 1]);
        const alone = await askModel(house().synod.url, `synod/${id}-only`);
        expect(alone).toMatchObject({ status: 400, code: "context_length_exceeded", shouldRetry: false });
        expect([callsTo("small"), callsTo("smaller"), callsTo("large")]).toEqual([2, 0, 1]);
      },
    );

    it.each([
      ["401 on our key:", 502],
      ["402:", 503],
      ["403 that is a missing permission:", 502],
    ])("F5: leaves the key alone, whatever the model, after %s", async (name, status) => {
      const play = playNamed(house(), name, "unary");
      const others = ["acme/another", "acme/third"];
      const answers = await Promise.all(others.map((model) => askAgain(house(), { ...play, model })));
      expect(answers.map((answer) => answer.status)).toEqual([status, status]);
      expect([play.model, ...others].map((model) => callsOf(house(), model).length)).toEqual([1, 0, 0]);
    });

    it("F5: leaves no key alone after a refusal by moderation", async () => {
      const play = playNamed(house(), "403 of moderation", "unary");
      await askAgain(house(), play);
      expect(callsOf(house(), play.model)).toHaveLength(2);
    });

    it("F5: is `not_found` and `failed_precondition` over gRPC", async () => {
      await using grpc = grpcClient(house().synod.grpcAddress);
      const codeOf = async (name: string): Promise<Code> => {
        const { provider, model } = playNamed(house(), name, "unary");
        const { code } = await grpc.failure(`${provider}/${model}`);
        expect(callsOf(house(), model)).toHaveLength(2);
        return code;
      };
      expect(await codeOf("404:")).toBe(Code.NotFound);
      expect(await codeOf("422:")).toBe(Code.FailedPrecondition);
    });
  },
};
