import { text } from "node:stream/consumers";
import { readEnvironment } from "@synod/settings";
import { run } from "./run.js";
import { outputOf } from "./terminal.js";

const environment = readEnvironment();
const term = environment.variables["TERM"];
const interrupt = new AbortController();
// Whoever asks twice waits for nothing: the second time the signal does what it does without a listener.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
// Nobody reads any more, as after `| head`.
process.stdout.on("error", () => process.exit());

process.exitCode = await run(process.argv.slice(2), {
  out: outputOf(process.stdout, term),
  err: outputOf(process.stderr, term),
  environment,
  signal: interrupt.signal,
  input: () => (process.stdin.isTTY ? undefined : text(process.stdin)),
  now: Date.now,
  every(ms, task) {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
});
