import { type Simulator, startSimulator } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import {
  compareLossless,
  judgeComparison,
  losslessConfig,
  losslessLatency,
  losslessModels,
  losslessStrategies,
} from "./soak/compare-lossless.js";

describe.each(deployments)("the lossless stop, $name", (kind) => {
  let simulator: Simulator;
  let synod: Deployment;

  beforeAll(async () => {
    simulator = await startSimulator({ models: losslessModels, latency: losslessLatency });
    const env = { SYNOD_SIMULATOR_URL: simulator.url, SYNOD_LOG_LEVEL: "error" };
    synod = await startDeployment(kind, { env, config: losslessConfig });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await simulator[Symbol.asyncDispose]();
  });

  /** A fixed sample of `npm run soak -- --lossless`. */
  it.each(losslessStrategies)(
    "has the winner of waiting for all on 200 questions, and saves calls: %s",
    { timeout: 60_000 },
    async (strategy) => {
      const options = { strategy, questions: 200, concurrency: 16 };
      const comparison = await compareLossless({ synod, simulator }, options);
      expect(judgeComparison(comparison).filter(({ holds }) => !holds)).toEqual([]);
      expect(comparison.all.received).toBe(5 * 200);
      expect(comparison.lossless.aborted).toBeGreaterThan(0);
    },
  );
});
