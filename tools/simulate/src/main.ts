import { readArgs, usage } from "./args.js";
import { panelReport } from "./asked/panel-report.js";
import { panels } from "./asked/panels.js";
import { report } from "./report.js";

async function main(args: readonly string[]): Promise<number> {
  const command = readArgs(args);
  if (command.kind === "help") {
    process.stdout.write(usage);
    return 0;
  }
  if (command.kind === "refused") {
    process.stderr.write(`${command.message}\n`);
    return 2;
  }
  if (command.kind === "panel") {
    const deployment = command.cluster ? "five processes" : "one process";
    await panelReport({ ...command, panels, deployment }, (text) => process.stdout.write(text));
    return 0;
  }
  const { text, off } = report(command.seed, command.questions);
  process.stdout.write(text);
  for (const figure of off) process.stderr.write(`OFF: ${figure}\n`);
  return off.length === 0 ? 0 : 1;
}

// Nobody reads any more, as after `| head`: there is nothing to clean up.
process.stdout.on("error", () => process.exit());
process.exitCode = await main(process.argv.slice(2));
