import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Cli } from "./cli.js";
import { chatCommand } from "./commands/chat.js";
import { keysCommand } from "./commands/keys.js";
import { modelsCommand } from "./commands/models.js";
import { replayCommand } from "./commands/replay.js";
import { runCommand } from "./commands/run.js";
import { runsCommand } from "./commands/runs.js";
import { simulateCommand } from "./commands/simulate.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

/** The command `synod`. It throws CommanderErrors in place of ending the process. */
export function createProgram(cli: Cli): Command {
  const program = new Command("synod")
    .description("One answer from many models.")
    .version(version)
    .addCommand(chatCommand(cli))
    .addCommand(modelsCommand(cli))
    .addCommand(runsCommand(cli))
    .addCommand(runCommand(cli))
    .addCommand(replayCommand(cli))
    .addCommand(keysCommand(cli))
    .addCommand(simulateCommand(cli))
    .addHelpText(
      "after",
      "\nSynod must run: `npm start`. Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 130 ended by Ctrl-C.",
    );
  forAll(program, (command) => {
    command.exitOverride().showHelpAfterError(`(see ${pathOf(command)} --help)`);
    command.configureOutput({
      writeOut: cli.out.write,
      writeErr: cli.err.write,
      outputError: (text, write) => write(text.replace(/^error: /, "synod: ")),
    });
  });
  return program;
}

function forAll(command: Command, task: (command: Command) => void): void {
  task(command);
  for (const each of command.commands) forAll(each, task);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
