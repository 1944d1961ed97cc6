import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readArgs, usage } from "./args.js";
import { writeReport } from "./report.js";
import { runBench } from "./run-bench.js";

/** On a machine that is busy with other things: after this nothing more is begun, in milliseconds. */
const lastCellAfterMs = 420_000;
/** After this the bench gives up, in milliseconds. */
const endsWithinMs = 540_000;
const resultsFolder = fileURLToPath(new URL("../../../bench/results/", import.meta.url));

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

  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error("The bench took too long.")), endsWithinMs);
  // A second signal changes nothing: npm forwards the one that the terminal has sent already.
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => stop.abort(new Error(`Stopped by ${name}.`)));
  }
  // Nobody reads any more, as after `| head`: what runs must be stopped all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", (error) => stop.abort(error));
  try {
    const report = await runBench({
      size: { quick: command.quick, peers: command.peers, repeats: 3 },
      lastCellAfterMs,
      signal: stop.signal,
      onProgress: (text) =>
        process.stderr.write(`${String(Math.round(performance.now() / 1_000)).padStart(3)} s  ${text}\n`),
    });
    await mkdir(resultsFolder, { recursive: true });
    const file = `${resultsFolder}${report.startedAt.replaceAll(":", "-")}.json`;
    await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
    process.stdout.write(
      `${writeReport(report)}\nWritten to ${file} in ${Math.round(report.tookSeconds)} s.\n`,
    );
    return report.failures.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`Could not measure: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    clearTimeout(timer);
  }
}

process.exitCode = await main(process.argv.slice(2));
