import { Command } from "commander";
import { jsonOption } from "../../arguments.js";
import type { Cli } from "../../cli.js";
import { CommandError } from "../../command-error.js";
import { printJson } from "../../json.js";
import { openDatabase } from "./database.js";
import { keyJson } from "./key-json.js";

interface Options {
  readonly json?: boolean;
}

/** `synod keys revoke` */
export function revokeKeyCommand(cli: Cli): Command {
  return new Command("revoke")
    .description("make a key open nothing any more")
    .argument("<id>", "the key, as `synod keys list` names it")
    .addOption(jsonOption())
    .action((keyId: string, options: Options) => revoke(cli, keyId, options));
}

async function revoke(cli: Cli, keyId: string, { json }: Options): Promise<void> {
  await using stores = await openDatabase(cli, false);
  const key = await stores.keys.revoke(keyId);
  // What was typed may be a secret: it is not repeated.
  if (key === undefined) throw new CommandError("there is no such key. `synod keys list` names all.");
  if (json === true) return printJson(cli.out, keyJson(key, cli.now()));
  cli.out.write(`Key ${key.keyId} (${key.name}) is revoked. It opens nothing within 5 seconds.\n`);
}
