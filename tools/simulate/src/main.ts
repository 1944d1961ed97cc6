import { readArgs, usage } from "./args.js";
import { report } from "./report.js";

function main(args: readonly string[]): number {
  const command = readArgs(args);
  if (command.kind === "help") {
    process.stdout.write(usage);
    return 0;
  }
  if (command.kind === "refused") {
    process.stderr.write(`${command.message}\n`);
    return 2;
  }
  const { text, off } = report(command.seed, command.questions);
  process.stdout.write(text);
  for (const figure of off) process.stderr.write(`OFF: ${figure}\n`);
  return off.length === 0 ? 0 : 1;
}

// Nobody reads any more, as after `| head`: there is nothing to clean up.
process.stdout.on("error", () => process.exit());
process.exitCode = main(process.argv.slice(2));
