import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ChatService } from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { createGrpcTransport, createServiceClient, failureOf } from "@synod/rpc";
import type { KeyLimits } from "@synod/run-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { post, question } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { gatewayOf } from "./harness/processes.js";
import { openBeside } from "./harness/stores.js";
import { fails, members, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

let upstream: Upstream;
let dataDir: string;
beforeAll(async () => {
  upstream = await startUpstream();
  dataDir = mkdtempSync(join(tmpdir(), "synod-budgets-"));
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true });
});

const path = "/v1/chat/completions";
const usd = 1_000_000_000;
const asked = [members.gemini, members.mistral] as const;
/** What a call costs, in thousandths of a US dollar: as much as its 1,000 tokens may cost, but for what it reads. */
const callCost = 25;
const price = { input_usd_per_million: 0.1, output_usd_per_million: callCost };
const config = {
  providers: { openrouter: { models: Object.fromEntries(asked.map((model) => [model, price])) } },
  presets: {
    default: {
      members: asked.map((model) => ({ model: `openrouter/${model}`, max_tokens: 1_000 })),
      aggregation: { strategy: "majority" },
      stop_early: "off",
    },
  },
};
const everyCallCosts = () =>
  asked.map((model) => fails(model, { kind: "usage", as: "fields", fields: { cost: callCost / 1_000 } }));

describe.each(deployments)("budgets and limits, $name", (kind) => {
  const folder = () => join(dataDir, kind.name);
  const start = () => startDeployment(kind, { env: { ...upstream.env, SYNOD_DATA_DIR: folder() }, config });
  let synod: Deployment;
  beforeAll(async () => {
    await newCaller({}); // from the start on, keys are needed
    synod = await start();
  }, 60_000);
  afterAll(() => synod.stop());

  async function newCaller(limits: KeyLimits) {
    await using stores = await openBeside({ dataDir: folder() });
    const { key, secret } = await stores.keys.create({ name: "test", limits });
    const headers = { authorization: `Bearer ${secret}` };
    return {
      headers,
      ask: (model = "synod/default", more = {}) =>
        post(`${synod.url}${path}`, { ...question("Hi?", model), ...more }, { headers }),
      async spending(aheadMs = 0) {
        await using beside = await openBeside({ dataDir: folder() }, aheadMs);
        return beside.budgets.spending(key.keyId);
      },
    };
  }

  it("a budget of $1 holds under 100 requests at once, and nothing is left reserved", async () => {
    const caller = await newCaller({ usdNanosPerDay: usd });
    upstream.script(everyCallCosts());
    const answers = await Promise.all(Array.from({ length: 100 }, () => caller.ask()));
    const answered = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect([answered.length, refused.length]).toEqual([19, 81]);
    expect(refused[0]?.headers).toMatchObject({ "x-should-retry": "false" });
    expect(refused[0]?.json()).toMatchObject({
      error: { type: "rate_limit_error", code: "budget_exceeded" },
    });
    const dayUsdNanos = (19 * 2 * callCost * usd) / 1_000;
    expect(await caller.spending()).toEqual({ dayUsdNanos, monthUsdNanos: dayUsdNanos, reservedUsdNanos: 0 });
    expect(upstream.calls()).toHaveLength(19 * 2);
  });

  it("a model of unknown price is refused under a budget, and one at a time asks within its limit", async () => {
    const caller = await newCaller({ usdNanosPerDay: usd, requestsPerMinute: 1 });
    upstream.script(everyCallCosts());
    const unknown = await caller.ask("openrouter/nobody/knows-me", { max_tokens: 100 });
    expect([unknown.status, unknown.json()]).toMatchObject([400, { error: { param: "model" } }]);
    expect((await caller.ask()).status).toBe(200);
    const limited = await caller.ask();
    expect([limited.status, limited.headers["x-should-retry"]]).toEqual([429, "true"]);
    expect(Number(limited.headers["retry-after"])).toBeGreaterThan(50);
    expect(limited.json()).toMatchObject({ error: { code: "rate_limit_exceeded" } });
    await using transport = createGrpcTransport({ target: synod.grpcAddress, services: [ChatService] });
    const messages = [{ role: Role.USER, parts: [{ content: { case: "text" as const, value: "Hi?" } }] }];
    const rpc = createServiceClient(ChatService, transport);
    const called = await rpc
      .chat({ model: "synod/default", messages }, { headers: caller.headers })
      .catch(failureOf);
    expect(called).toMatchObject({ reason: "rate_limit_exceeded", retryable: true });
    expect(upstream.calls()).toHaveLength(2);
  });

  it(
    "what a gateway that was killed had set aside is free again 10 seconds later",
    { timeout: 90_000 },
    async () => {
      // Two runs fit, as far as they are not set aside.
      const caller = await newCaller({ usdNanosPerDay: 0.11 * usd });
      upstream.script(asked.map((model) => fails(model, { kind: "hang" })));
      const hanging = [caller.ask(), caller.ask()].map((answer) => answer.catch(() => "gone"));
      await until("two runs go on", () => upstream.calls().length === 4);
      expect((await caller.ask()).json()).toMatchObject({ error: { code: "budget_exceeded" } });
      const { reservedUsdNanos } = await caller.spending();
      expect(reservedUsdNanos).toBeGreaterThan(0.1 * usd);
      process.kill(gatewayOf(synod), "SIGKILL");
      expect(await Promise.all(hanging)).toEqual(["gone", "gone"]);
      await synod.stop();

      expect(await caller.spending(15_000)).toMatchObject({ dayUsdNanos: 0, reservedUsdNanos: 0 });
      synod = await start();
      upstream.script(everyCallCosts());
      await until("there is room again", async () => (await caller.ask()).status === 200, 30_000);
      expect(await caller.spending()).toMatchObject({ dayUsdNanos: 0.05 * usd, reservedUsdNanos: 0 });
      expect(upstream.calls()).toHaveLength(2);
    },
  );
});
