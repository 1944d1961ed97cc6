import { once } from "node:events";
import { parseArgs } from "node:util";
import { startSimulator } from "./simulator.js";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "9100" },
    seed: { type: "string", default: "1" },
    speed: { type: "string", default: "1" },
    "require-keys": { type: "boolean", default: false },
    "no-latency": { type: "boolean", default: false },
  },
});

await using simulator = await startSimulator({
  port: Number(values.port),
  seed: Number(values.seed),
  speed: Number(values.speed),
  requireKeys: values["require-keys"],
  latency: values["no-latency"] ? "off" : "real",
});
process.stdout.write(`OPENROUTER_BASE_URL=${simulator.openrouterUrl}\nGROQ_BASE_URL=${simulator.groqUrl}\n`);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
