import { runProcess } from "@synod/rpc/run-process";

// The rest is loaded afterwards: that takes most of a start, and a request to stop must not be lost meanwhile.
await runProcess(async (stop) => (await import("./run.js")).run(stop));
