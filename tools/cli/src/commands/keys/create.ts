import type { KeyLimits } from "@synod/run-store";
import { Command } from "commander";
import { jsonOption, pointInTime, real, whole } from "../../arguments.js";
import type { Cli } from "../../cli.js";
import { instant } from "../../format/figures.js";
import { printJson } from "../../json.js";
import { UsageError } from "../../usage-error.js";
import { openDatabase } from "./database.js";
import { keyJson } from "./key-json.js";

interface Options {
  readonly name: string;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly usdPerDay?: number;
  readonly usdPerMonth?: number;
  readonly expires?: Date;
  readonly json?: boolean;
}

/** `synod keys create` */
export function createKeyCommand(cli: Cli): Command {
  return new Command("create")
    .description("make a key, and print its secret: the only time that it can be read")
    .requiredOption("--name <name>", "what you call it")
    .option("--requests-per-minute <n>", "how many requests", whole(1, 1e9))
    .option("--tokens-per-minute <n>", "how many tokens, read and written", whole(1, 1e12))
    .option("--usd-per-day <amount>", "how many US dollars a day (UTC)", real(0.000000001, 1e6))
    .option("--usd-per-month <amount>", "how many US dollars a month (UTC)", real(0.000000001, 1e6))
    .option(
      "--expires <time>",
      "when it ends: a date, or a time from now such as 30d",
      pointInTime(cli.now, 1),
    )
    .addOption(jsonOption())
    .action((options: Options) => create(cli, options));
}

async function create(cli: Cli, options: Options): Promise<void> {
  const { name, expires, json } = options;
  if (name.trim() === "" || name.length > 200) throw new UsageError("--name must have 1 to 200 characters.");
  if (expires !== undefined && expires.getTime() <= cli.now()) {
    throw new UsageError(`--expires ${instant(expires)} is over already.`);
  }
  await using stores = await openDatabase(cli, true);
  const { key, secret } = await stores.keys.create({
    name,
    limits: limitsOf(options),
    ...(expires !== undefined && { expireTimeMs: expires.getTime() }),
  });
  if (json === true) return printJson(cli.out, { ...keyJson(key, cli.now()), secret });
  cli.err.write(`Key ${key.keyId} is made, in ${stores.place}. This is its secret; it is not shown again:\n`);
  cli.out.write(`${secret}\n`);
  cli.err.write("Synod answers callers with a key alone from now on, this one within 5 seconds.\n");
}

function limitsOf({ requestsPerMinute, tokensPerMinute, usdPerDay, usdPerMonth }: Options): KeyLimits {
  return {
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    ...(usdPerDay !== undefined && { usdNanosPerDay: Math.round(usdPerDay * 1e9) }),
    ...(usdPerMonth !== undefined && { usdNanosPerMonth: Math.round(usdPerMonth * 1e9) }),
  };
}
