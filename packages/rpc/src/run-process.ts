import { awaitSignal, type StopRequest } from "./await-signal.js";

/**
 * Runs a process: `run` gets the request to stop, and ends the process when it is asked to. When it cannot even start,
 * its error's message goes to stderr and the process ends with code 2, for a launcher to know that starting it again
 * would not help.
 */
export async function runProcess(run: (stop: StopRequest) => Promise<void>): Promise<void> {
  const stop = awaitSignal();
  try {
    await run(stop);
  } catch (error) {
    process.stderr.write(`Synod cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
    stop.end(2);
  }
}
