import { ProviderService } from "@synod/contracts/provider";
import { createLocalTransport, createServiceClient, failureOf, SynodError } from "@synod/rpc";
import { defaultLimits } from "@synod/settings";
import { createLogger, createMetrics } from "@synod/telemetry";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.js";
import { createChatEvents } from "./events.js";
import { createPanels } from "./panels.js";
import { createManualClock } from "./testing/manual-clock.js";

const question = { messages: [], sampling: {}, consensus: undefined, extraJson: "", deadlineMs: undefined };

function start(
  providers: () => { id: string; available: boolean; simulated: boolean }[],
  clock = systemClock,
) {
  let tries = 0;
  const transport = createLocalTransport((router) =>
    router.service(ProviderService, {
      listProviders() {
        tries += 1;
        return { providers: providers() };
      },
    }),
  );
  const logger = createLogger({ level: "silent", service: "test" });
  const panels = createPanels({
    config: {
      apiKeys: [],
      corsOrigins: [],
      settings: { presets: {}, limits: defaultLimits, modelsInSettings: [] },
    },
    providers: createServiceClient(ProviderService, transport),
    clock,
    events: createChatEvents(logger, createMetrics({ service: "test" })),
  });
  return { panels, tries: () => tries };
}

describe("createPanels", () => {
  it("chooses presets by the providers that are available", async () => {
    const { panels } = start(() => [
      { id: "openrouter", available: false, simulated: false },
      { id: "sim", available: true, simulated: true },
    ]);
    const spec = await panels.specOf({ ...question, model: "synod/default" });
    expect(spec.members.every(({ model }) => panels.isSimulated(model))).toBe(true);
    expect(spec.simulated).toBe(true);
    expect(panels.isSimulated("openrouter/x")).toBe(false);
    expect(panels.isReady()).toBe(true);
    await panels[Symbol.asyncDispose]();
  });

  it("is not ready until the provider gateway answers, and asks again until then", async () => {
    let up = false;
    const { panels, tries } = start(() => {
      if (!up) throw new SynodError({ reason: "service_unavailable", message: "Not yet." });
      return [{ id: "sim", available: true, simulated: true }];
    });
    await eventually(() => tries() >= 2);
    expect(panels.isReady()).toBe(false);
    up = true;
    await panels.book();
    expect(panels.isReady()).toBe(true);
    await panels[Symbol.asyncDispose]();
  });

  it("does not let a request wait for long", async () => {
    const clock = createManualClock();
    const { panels } = start(() => {
      throw new SynodError({ reason: "service_unavailable", message: "Not yet." });
    }, clock);
    const waiting = panels.specOf({ ...question, model: "synod/default" }).catch(failureOf);
    clock.fire();
    expect(await waiting).toMatchObject({
      reason: "service_unavailable",
      retryable: true,
      retryAfterMs: 1_000,
    });
    await panels[Symbol.asyncDispose]();
  });

  it.each([
    [7, 7],
    [-1, 0xffff_ffff],
    [2 ** 40 + 5, 5],
  ])("takes the seed that the request has: %d as %d", async (asked, seed) => {
    const { panels } = start(() => [{ id: "sim", available: true, simulated: true }]);
    const spec = await panels.specOf({ ...question, sampling: { seed: asked }, model: "synod/default" });
    expect(spec.seed).toBe(seed);
    await panels[Symbol.asyncDispose]();
  });

  it("gives every run a seed of its own", async () => {
    const { panels } = start(() => [{ id: "sim", available: true, simulated: true }]);
    const seeds = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await panels.specOf({ ...question, model: "synod/default" })).seed,
      ),
    );
    expect(new Set(seeds).size).toBeGreaterThan(15);
    await panels[Symbol.asyncDispose]();
  });
});
