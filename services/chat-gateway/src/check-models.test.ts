import { ProviderService } from "@synod/contracts/provider";
import { createLocalTransport, createServiceClient } from "@synod/rpc";
import { defaultLimits, type Preset } from "@synod/settings";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { checkModels } from "./check-models.js";
import { bodyOf } from "./testing/body.js";
import { ask, startGateway, type TestGateway } from "./testing/gateway.js";
import type { Script } from "./testing/script.js";
import { scriptedServices } from "./testing/scripted-services.js";

const providers = () => [
  { id: "openrouter", available: true, simulated: false },
  { id: "groq", available: true, simulated: false },
  { id: "local", available: true, simulated: false },
  { id: "sim", available: true, simulated: true },
];

const models = () =>
  [
    "openrouter/google/gemini-2.5-flash",
    "openrouter/meta/llama-4",
    "groq/llama-3.3-70b",
    "sim/ada",
    "local/phi:latest",
  ].map((id) => ({ id, providerId: id.slice(0, id.indexOf("/")), displayName: id }));

const unlisted = ({ log }: TestGateway) =>
  log.filter(({ msg }) => String(msg).startsWith("a configured model"));

const panel = (...members: readonly string[]): Preset => ({ members: members.map((model) => ({ model })) });

/** Starts a gateway and waits for the check: the preset `last` names a model that is never listed. */
async function startChecked(presets: Readonly<Record<string, Preset>>, script: Script = {}) {
  const house = await startGateway({
    presets: { default: panel("sim/ada"), ...presets, last: panel("sim/zzz") },
    script: { providers, models, ...script },
  });
  await eventually(() => unlisted(house).some(({ model }) => model === "sim/zzz"));
  return house;
}

describe("the check of configured models", () => {
  it("reports each model once that is not listed, and the closest listed ones", async () => {
    await using house = await startChecked({
      default: {
        members: [
          { model: "google/gemini-2.0-flash", fallbacks: ["groq/llama-3.1-70b"] },
          { model: "sim/ada" },
        ],
        aggregation: { model: "openrouter/meta/llama-3" },
        judge: { mode: "annotate", models: ["groq/x", "meta/llama-3"] },
      },
      mine: panel("openrouter/google/gemini-2.0-flash"),
    });
    expect(unlisted(house)).toMatchObject([
      {
        level: "warn",
        model: "openrouter/google/gemini-2.0-flash",
        presets: ["default", "mine"],
        closest: ["openrouter/google/gemini-2.5-flash"],
      },
      { model: "groq/llama-3.1-70b", presets: ["default"], closest: ["groq/llama-3.3-70b"] },
      { model: "openrouter/meta/llama-3", presets: ["default"], closest: ["openrouter/meta/llama-4"] },
      { model: "groq/x", closest: [] },
      { model: "sim/zzz", presets: ["last"], closest: [] },
    ]);
    expect(house.ledger.paid).toBe(0);
  });

  it("knows what providers understand without listing it", async () => {
    await using house = await startChecked({
      mine: panel("meta/llama-4:free", "openrouter/meta/llama-4:nitro", "local/phi", "local/phi:latest"),
    });
    expect(unlisted(house)).toHaveLength(1);
  });

  it("looks at the shipped preset that is the default, and at no other shipped one", async () => {
    const transport = createLocalTransport(scriptedServices({ models }).routes);
    const found: string[] = [];
    await using _check = checkModels({
      config: { settings: { presets: {}, limits: defaultLimits } },
      panels: {
        learned: async () => ({
          presets: { default: panel("groq/x", "sim/ada"), fast: panel("groq/y") },
          providers: providers(),
        }),
      },
      providers: createServiceClient(ProviderService, transport),
      events: { modelUnlisted: ({ id }) => void found.push(id), modelsUnchecked: () => {} },
    });
    await eventually(() => found.length > 0);
    expect(found).toEqual(["groq/x"]);
    await transport[Symbol.asyncDispose]();
  });

  it("says nothing of providers that did not answer, list nothing or are not there", async () => {
    await using house = await startChecked(
      { mine: panel("meta/llama-3", "groq/x", "local/x", "elsewhere/x") },
      {
        failedProviders: ["openrouter"],
        models: () =>
          models().filter(({ providerId }) => providerId === "openrouter" || providerId === "sim"),
      },
    );
    expect(unlisted(house)).toHaveLength(1);
  });

  it("delays nothing, and ends with the gateway", async () => {
    const script = { models: () => new Promise<never>(() => {}) };
    const house = await startGateway({ script });
    await eventually(house.gateway.isReady);
    expect((await house.post("/v1/chat/completions", ask())).status).toBe(200);
    await house[Symbol.asyncDispose]();
    expect(house.log.filter(({ level }) => level === "warn")).toEqual([]);
    expect(house.ledger.paid).toBe(3);
  });

  it("that fails is reported, and harms nothing", async () => {
    const fails = () => {
      throw new Error("broken");
    };
    await using house = await startGateway({ script: { models: fails } });
    await eventually(() => house.log.some(({ msg }) => String(msg).includes("could not be looked up")));
    const answer = await house.post("/v1/chat/completions", ask());
    expect((await bodyOf(answer)).choices).toHaveLength(1);
    expect(house.ledger.paid).toBe(3);
  });
});
