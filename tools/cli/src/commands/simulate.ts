import { once } from "node:events";
import { Command } from "commander";
import { jsonOption, real, whole } from "../arguments.js";
import type { Cli } from "../cli.js";
import { CommandError } from "../command-error.js";
import { printJson } from "../json.js";

interface Options {
  readonly port: number;
  readonly seed: number;
  readonly speed: number;
  readonly latency: boolean;
  readonly requireKeys: boolean;
  readonly json?: boolean;
}

/** `synod simulate` */
export function simulateCommand(cli: Cli): Command {
  return new Command("simulate")
    .description("run the simulator of OpenRouter and Groq alone, until Ctrl-C")
    .option("--port <n>", "the port on 127.0.0.1; 0 takes a free one", whole(0, 65_535), 9100)
    .option("--seed <n>", "decides who knows what, and who errs how", whole(0, 2 ** 32 - 1), 1)
    .option("--speed <n>", "divides every latency", real(0.001, 1e6), 1)
    .option("--no-latency", "answer at once")
    .option("--require-keys", "want a key, as the real ones do", false)
    .addOption(jsonOption())
    .action((options: Options) => simulate(cli, options));
}

async function simulate({ out, signal }: Cli, options: Options): Promise<void> {
  const { port, seed, speed, requireKeys } = options;
  const latency = options.latency ? "real" : "off";
  // Loaded here: no other command needs it.
  const { startSimulator } = await import("@synod/simulator");
  const starting = startSimulator({ port, seed, speed, requireKeys, latency });
  await using simulator = await starting.catch((error: unknown) => Promise.reject(told(error, port)));
  const { openrouterUrl, groqUrl } = simulator;
  if (options.json === true) printJson(out, { openrouter_base_url: openrouterUrl, groq_base_url: groqUrl });
  else out.write(`OPENROUTER_BASE_URL=${openrouterUrl}\nGROQ_BASE_URL=${groqUrl}\n`);
  if (!signal.aborted) await once(signal, "abort");
}

/** Why it cannot start, in plain words where these are known. */
function told(error: unknown, port: number): unknown {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  return isTaken ? new CommandError(`127.0.0.1:${port} is in use. Choose another with --port.`) : error;
}
