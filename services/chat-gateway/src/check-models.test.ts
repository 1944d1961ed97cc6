import { ProviderService } from "@synod/contracts/provider";
import { createLocalTransport, createServiceClient } from "@synod/rpc";
import { defaultLimits, type Preset } from "@synod/settings";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { checkModels } from "./check-models.js";
import { bodyOf } from "./testing/body.js";
import { ask, startGateway, type TestGateway } from "./testing/gateway.js";
import { createManualClock } from "./testing/manual-clock.js";
import type { Script } from "./testing/script.js";
import { scriptedServices } from "./testing/scripted-services.js";
import type { UnlistedModel } from "./unlisted-models.js";

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

/** Starts the check alone, on a clock that stands still. */
function startCheck({ presets, modelsInSettings = [] }: CheckedSettings, script: Script = {}) {
  const transport = createLocalTransport(scriptedServices({ models, ...script }).routes);
  const clock = createManualClock();
  const found: UnlistedModel[] = [];
  const house = { clock, found, unchecked: 0 };
  const check = checkModels({
    config: { settings: { presets: {}, limits: defaultLimits, modelsInSettings } },
    panels: { learned: async () => ({ presets, providers: providers() }) },
    providers: createServiceClient(ProviderService, transport),
    clock,
    events: {
      modelUnlisted: (model) => void found.push(model),
      modelsUnchecked: () => void (house.unchecked += 1),
    },
  });
  return Object.assign(house, {
    check,
    async [Symbol.asyncDispose]() {
      await check[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
    },
  });
}

interface CheckedSettings {
  readonly presets: Readonly<Record<string, Preset>>;
  readonly modelsInSettings?: readonly string[];
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
    const routed = ["nitro", "floor", "online", "thinking"].map((how) => `openrouter/meta/llama-4:${how}`);
    await using house = await startChecked({ mine: panel(...routed, "local/phi", "local/phi:latest") });
    expect(unlisted(house)).toHaveLength(1);
  });

  it("reports a free variant that has ended, though the model goes on", async () => {
    await using house = await startChecked({ mine: panel("meta/llama-4:free") });
    expect(unlisted(house)).toMatchObject([
      { model: "openrouter/meta/llama-4:free", closest: ["openrouter/meta/llama-4"] },
      { model: "sim/zzz" },
    ]);
  });

  it("looks at the shipped preset that is the default, and at no other shipped one", async () => {
    await using house = startCheck({
      presets: { default: panel("groq/x", "sim/ada"), fast: panel("groq/y") },
    });
    await eventually(() => house.found.length > 0);
    expect(house.found.map(({ id }) => id)).toEqual(["groq/x"]);
  });

  it("looks at the models that have settings of their own", async () => {
    await using house = startCheck({
      presets: { default: panel("sim/ada") },
      modelsInSettings: ["groq/llama-3.3-70b", "groq/llama-3.3-70", "elsewhere/x"],
    });
    await eventually(() => house.found.length > 0);
    expect(house.found).toEqual([
      { id: "groq/llama-3.3-70", presets: [], inSettings: true, closest: ["groq/llama-3.3-70b"] },
    ]);
  });

  it("looks again until every provider has answered, and reports nothing twice", async () => {
    const failedProviders = ["openrouter", "groq"];
    await using house = startCheck(
      { presets: { default: panel("sim/zzz", "groq/x", "meta/llama-3", "meta/llama-4") } },
      { failedProviders },
    );
    const ids = () => house.found.map(({ id }) => id);
    await eventually(() => house.clock.waiting === 1);
    expect(ids()).toEqual(["sim/zzz"]);
    house.clock.fire();
    await eventually(() => house.clock.waiting === 1);
    expect(ids()).toEqual(["sim/zzz"]);
    failedProviders.pop();
    house.clock.fire();
    await eventually(() => house.clock.waiting === 1);
    expect(ids()).toEqual(["sim/zzz", "groq/x"]);
    failedProviders.pop();
    house.clock.fire();
    await eventually(() => house.found.length === 3);
    expect(ids()).toEqual(["sim/zzz", "groq/x", "openrouter/meta/llama-3"]);
    await house.check[Symbol.asyncDispose]();
    expect(house.clock.waiting).toBe(0);
  });

  it("looks again when the lists could not be read at all", async () => {
    let broken = true;
    const broke = () => {
      if (broken) throw new Error("broken");
      return models();
    };
    await using house = startCheck({ presets: { default: panel("groq/x") } }, { models: broke });
    await eventually(() => house.clock.waiting === 1);
    expect([house.unchecked, house.found]).toEqual([1, []]);
    broken = false;
    house.clock.fire();
    await eventually(() => house.found.length === 1);
    expect(house.unchecked).toBe(1);
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
