import { Command } from "commander";
import { jsonOption, urlOption } from "../arguments.js";
import { type Cli, clientOf, type ServerOptions } from "../cli.js";
import { table } from "../format/table.js";
import { printJson } from "../json.js";

interface Options extends ServerOptions {
  readonly json?: boolean;
}

/** `synod models` */
export function modelsCommand(cli: Cli): Command {
  return new Command("models")
    .description("list what can be asked: panels first, then the providers' models")
    .argument("[text]", "only those whose id holds this text")
    .addOption(jsonOption())
    .addOption(urlOption())
    .action((text: string | undefined, options: Options) => models(cli, text ?? "", options));
}

async function models(cli: Cli, text: string, options: Options): Promise<void> {
  const all = await clientOf(cli, options).listModels({ signal: cli.signal });
  const wanted = all.filter(({ id }) => id.toLowerCase().includes(text.toLowerCase()));
  if (options.json === true) {
    const data = wanted.map(({ id, owner, createTime, contextTokens }) => ({
      id,
      object: "model",
      created: createTime === null ? 0 : createTime.getTime() / 1_000,
      owned_by: owner,
      context_length: contextTokens,
    }));
    return printJson(cli.out, { object: "list", data });
  }
  const rows = wanted.map(({ id, owner, contextTokens }) => [id, owner, contextTokens?.toString() ?? ""]);
  cli.out.write(table(["MODEL", "OWNER", "CONTEXT"], rows));
}
