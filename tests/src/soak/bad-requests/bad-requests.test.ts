import { startSimulator } from "@synod/simulator";
import { expect, it } from "vitest";

import { deployments, startDeployment } from "../../harness/deployment.js";
import { besiegedConfig, besiegedEnvironment, runBadRequests } from "./run-bad-requests.js";

/** A fixed sample of `npm run soak -- --bad-requests`. */
const options = { requests: 600, seed: 1, concurrency: 8 };

it.each(deployments)("bad requests break nothing, $name", { timeout: 120_000 }, async (kind) => {
  await using simulator = await startSimulator({ latency: "off" });
  await using synod = await startDeployment(kind, {
    env: besiegedEnvironment,
    config: besiegedConfig(simulator),
  });
  const report = await runBadRequests({ synod, simulator }, options);
  expect(report.faults).toEqual([]);
  expect(report.slow).toEqual([]);
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([]);
  const kinds = ["one field", "any JSON", "noise", "cut", "headers", "path", "Connect", "gRPC", "bytes"];
  expect(Object.keys(report.answers).toSorted()).toEqual(kinds.toSorted());
});
