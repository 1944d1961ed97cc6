// Loaded into a process whose memory is measured, before its own program. On SIGUSR2 it collects all garbage and writes
// down what is left. The folder stands in the query of the address that this is imported by.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { MemoryReading } from "./memory.js";

// A first collection finds what the next one can free.
const collections = 3;

// Asked for in the program: the variable for options of Node does not take this flag everywhere.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const file = join(new URL(import.meta.url).searchParams.get("folder") ?? ".", `memory-${process.pid}.json`);
let count = 0;

function write(): void {
  const { rss, heapUsed, external } = process.memoryUsage();
  const reading: MemoryReading = { count, rssBytes: rss, heapBytes: heapUsed + external };
  writeFileSync(`${file}.part`, JSON.stringify(reading));
  renameSync(`${file}.part`, file);
  count += 1;
}

process.on("SIGUSR2", () => {
  void (async () => {
    for (let i = 0; i < collections; i++) {
      collect();
      await nextTurn();
    }
    write();
  })();
});
// Says that the signal is understood here: it ends a process that does not know it.
write();
