import { startSimulator } from "@synod/simulator";
import { expect, it } from "vitest";

import { deployments, startDeployment } from "../harness/deployment.js";
import { judgeSoak } from "./judge-soak.js";
import { runSoak, soakedEnvironment, soakConfig, soakLatency } from "./run-soak.js";

/** A fixed sample of `npm run soak`. Which calls fail is fixed; which question meets which fault is a matter of time. */
const options = { calls: 200, concurrency: 16, faults: 0.3, seed: 1 };

it.each(deployments)("a soak of 200 questions holds, $name", { timeout: 120_000 }, async (kind) => {
  await using simulator = await startSimulator({ latency: soakLatency });
  await using synod = await startDeployment(kind, { env: soakedEnvironment, config: soakConfig(simulator) });
  const legs = await runSoak({ synod, simulator }, options);
  expect(judgeSoak(legs).filter(({ holds }) => !holds)).toEqual([]);
  expect(legs.flatMap(({ wrong }) => wrong)).toEqual([]);

  const sum = (pick: (leg: (typeof legs)[number]) => number) => legs.reduce((all, leg) => all + pick(leg), 0);
  expect(sum(({ answered }) => answered)).toBeGreaterThan(100);
  expect(sum(({ faulty }) => faulty)).toBeGreaterThan(30);
  expect(sum(({ upstreamCalls }) => upstreamCalls)).toBe(sum(({ reportedCalls }) => reportedCalls));
});
