import type { ApiKey, Spending } from "@synod/run-store";
import { usd } from "@synod/mapping";
import { Command } from "commander";
import { jsonOption } from "../../arguments.js";
import type { Cli } from "../../cli.js";
import { dollars, instant } from "../../format/figures.js";
import { table } from "../../format/table.js";
import { printJson } from "../../json.js";
import { openDatabase } from "./database.js";
import { keyJson, stateOf } from "./key-json.js";

interface Options {
  readonly json?: boolean;
}

interface Listed {
  readonly key: ApiKey;
  readonly spending: Spending;
}

/** `synod keys list` */
export function listKeysCommand(cli: Cli): Command {
  return new Command("list")
    .description("list all keys, the newest first, and what they have spent. No secret is shown")
    .addOption(jsonOption())
    .action((options: Options) => list(cli, options));
}

async function list(cli: Cli, { json }: Options): Promise<void> {
  await using stores = await openDatabase(cli, false);
  const listed: Listed[] = [];
  for (const key of await stores.keys.list()) {
    listed.push({ key, spending: await stores.budgets.spending(key.keyId) });
  }
  if (json === true) {
    const data = listed.map(({ key, spending }) => keyJson(key, cli.now(), spending));
    return printJson(cli.out, { object: "list", data });
  }
  if (listed.length === 0) return cli.err.write("No key.\n");
  const head = [
    "KEY",
    "NAME",
    "STATE",
    "CREATED",
    "EXPIRES",
    "REQUESTS/MIN",
    "TOKENS/MIN",
    "TODAY",
    "THIS MONTH",
  ];
  cli.out.write(
    table(
      head,
      listed.map((each) => rowOf(each, cli.now())),
    ),
  );
}

function rowOf({ key, spending }: Listed, now: number): readonly string[] {
  const { keyId, name, limits, createTimeMs, expireTimeMs } = key;
  return [
    keyId,
    name,
    stateOf(key, now),
    instant(new Date(createTimeMs)),
    expireTimeMs === undefined ? "" : instant(new Date(expireTimeMs)),
    limits.requestsPerMinute?.toString() ?? "",
    limits.tokensPerMinute?.toString() ?? "",
    spent(spending.dayUsdNanos, limits.usdNanosPerDay),
    spent(spending.monthUsdNanos, limits.usdNanosPerMonth),
  ];
}

function spent(nanos: number, most: number | undefined): string {
  return `${dollars(usd(nanos))}${most === undefined ? "" : ` of ${dollars(usd(most))}`}`;
}
