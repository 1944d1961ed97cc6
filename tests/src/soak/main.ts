import { startSimulator } from "@synod/simulator";

import { type Deployment, deployments, startDeployment } from "../harness/deployment.js";
import { readArgs, type SoakOptions, usage } from "./args.js";
import { badRequestsText } from "./bad-requests/report.js";
import { besiegedConfig, besiegedEnvironment, runBadRequests } from "./bad-requests/run-bad-requests.js";
import {
  compareLossless,
  type Comparison,
  comparisonHead,
  comparisonLines,
  judgeComparison,
  losslessConfig,
  losslessLatency,
  losslessModels,
  losslessStrategies,
  timeCheck,
} from "./compare-lossless.js";
import { judgeSoak } from "./judge-soak.js";
import { checksText, legLine, legsHead, summary } from "./report.js";
import { runSoak, soakedEnvironment, soakConfig, soakLatency } from "./run-soak.js";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function soak(options: SoakOptions, cluster: boolean): Promise<number> {
  const kind = deployments[cluster ? 1 : 0];
  const { calls, concurrency, faults, seed } = options;
  say(`${calls} questions, ${concurrency} at once, ${faults * 100} % faults, seed ${seed}, ${kind.name}.`);
  await using simulator = await startSimulator({ latency: soakLatency, ledgerLimit: 1_000_000 });
  await using synod = await startDeployment(kind, {
    env: soakedEnvironment,
    config: soakConfig(simulator),
  });
  stopOnSignal(synod);
  say(legsHead);
  const legs = await runSoak({ synod, simulator }, options, (leg, index) => say(legLine(leg, index)));
  const checks = judgeSoak(legs);
  say(summary(legs, checks));
  return checks.every(({ holds }) => holds) ? 0 : 1;
}

async function lossless({ calls, concurrency, seed }: SoakOptions, cluster: boolean): Promise<number> {
  const kind = deployments[cluster ? 1 : 0];
  say(`${calls} questions, ${concurrency} at once, seed ${seed}, ${kind.name}.`);
  const latency = losslessLatency;
  await using simulator = await startSimulator({ models: losslessModels, latency, seed });
  const env = { SYNOD_SIMULATOR_URL: simulator.url, SYNOD_LOG_LEVEL: "error" };
  await using synod = await startDeployment(kind, { env, config: losslessConfig });
  stopOnSignal(synod);
  const comparisons: Comparison[] = [];
  for (const strategy of losslessStrategies) {
    const options = { strategy, questions: calls, concurrency };
    comparisons.push(await compareLossless({ synod, simulator }, options));
  }
  const checks = comparisons.flatMap((comparison) => [...judgeComparison(comparison), timeCheck(comparison)]);
  say([...comparisonHead, ...comparisons.flatMap(comparisonLines), "", checksText(checks)].join("\n"));
  return checks.every(({ holds }) => holds) ? 0 : 1;
}

async function besiege({ calls, concurrency, seed }: SoakOptions, cluster: boolean): Promise<number> {
  const kind = deployments[cluster ? 1 : 0];
  say(`${calls} bad requests, ${concurrency} at once, seed ${seed}, ${kind.name}.`);
  await using simulator = await startSimulator({ latency: "off", ledgerLimit: 1_000_000 });
  await using synod = await startDeployment(kind, {
    env: besiegedEnvironment,
    config: besiegedConfig(simulator),
  });
  stopOnSignal(synod);
  const report = await runBadRequests({ synod, simulator }, { requests: calls, concurrency, seed });
  say(badRequestsText(report));
  return report.checks.every(({ holds }) => holds) ? 0 : 1;
}

function stopOnSignal(synod: Deployment): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void synod.stop().then(() => process.exit(1)));
  }
}

const command = readArgs(process.argv.slice(2), () => Math.floor(Math.random() * 2 ** 32));
switch (command.kind) {
  case "help":
    process.stdout.write(usage);
    break;
  case "refused":
    process.stderr.write(`${command.message}\n`);
    process.exitCode = 2;
    break;
  case "run":
    process.exitCode = await soak(command.options, command.cluster);
    break;
  case "lossless":
    process.exitCode = await lossless(command.options, command.cluster);
    break;
  case "bad-requests":
    process.exitCode = await besiege(command.options, command.cluster);
}
