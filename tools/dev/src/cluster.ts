import { parseArgs } from "node:util";

import { announcement, needsSimulator, readSettings } from "@synod/settings";
import { embeddedSimulator, startSimulator } from "@synod/simulator";

import { isFree } from "./free-ports.js";
import { launchCluster } from "./launch-cluster.js";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function runCluster(aggregations: number): Promise<number> {
  // A second signal changes nothing: npm forwards the one that the terminal has sent already.
  const stopAsked = new Promise<"asked">((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve("asked"));
  });
  const settings = readSettings("all-in-one");
  for (const { host, port } of [settings.http, settings.grpc]) {
    if (await isFree(host, port)) continue;
    say(`Synod cannot start. ${host}:${port} is in use. Stop what listens there, or set another port.`);
    return 2;
  }
  const simulator = needsSimulator(settings) ? await startSimulator(embeddedSimulator) : undefined;
  let giveUp: (service: string) => void = () => undefined;
  const givenUp = new Promise<string>((resolve) => (giveUp = resolve));

  try {
    const cluster = await launchCluster(
      {
        webPort: settings.http.port,
        grpcPort: settings.grpc.port,
        aggregations,
        ...(simulator === undefined ? {} : { simulatorUrl: simulator.url }),
      },
      { started: say, givenUp: giveUp },
    );
    const { webPort, grpcPort } = cluster.gateway;
    const { host } = settings.http;
    const reached = { webUrl: `http://${host}:${webPort}`, grpcUrl: `http://${host}:${grpcPort}` };
    say(announcement(settings, { ...reached, simulator: simulator !== undefined }));
    const end = await Promise.race([stopAsked, givenUp]);
    if (end !== "asked") say(`${end} died too often. Its log above says why. Stopping.`);
    const clean = await cluster.stop();
    return clean && end === "asked" ? 0 : 1;
  } finally {
    await simulator?.[Symbol.asyncDispose]();
  }
}

const { values } = parseArgs({ options: { aggregations: { type: "string", default: "1" } } });
const aggregations = Number(values.aggregations);
if (!Number.isInteger(aggregations) || aggregations < 1 || aggregations > 16) {
  process.stderr.write(`--aggregations ${values.aggregations} is not a whole number from 1 to 16.\n`);
  process.exit(2);
}
try {
  process.exitCode = await runCluster(aggregations);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
