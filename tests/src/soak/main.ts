import { startSimulator } from "@synod/simulator";

import { deployments, startDeployment } from "../harness/deployment.js";
import { readArgs, type SoakOptions, usage } from "./args.js";
import { judgeSoak } from "./judge-soak.js";
import { legLine, legsHead, summary } from "./report.js";
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
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void synod.stop().then(() => process.exit(1)));
  }
  say(legsHead);
  const legs = await runSoak({ synod, simulator }, options, (leg, index) => say(legLine(leg, index)));
  const checks = judgeSoak(legs);
  say(summary(legs, checks));
  return checks.every(({ holds }) => holds) ? 0 : 1;
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
}
