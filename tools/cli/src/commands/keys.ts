import { Command } from "commander";
import type { Cli } from "../cli.js";
import { createKeyCommand } from "./keys/create.js";
import { listKeysCommand } from "./keys/list.js";
import { revokeKeyCommand } from "./keys/revoke.js";

/** `synod keys` */
export function keysCommand(cli: Cli): Command {
  return new Command("keys")
    .description("make, list and revoke the keys of callers, in the database of this folder's settings")
    .addCommand(createKeyCommand(cli))
    .addCommand(listKeysCommand(cli))
    .addCommand(revokeKeyCommand(cli));
}
