import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Facts about the machine, without which a figure means little. */
export interface Machine {
  /** Cores this process may use. */
  readonly cores: number;
  readonly cpu: string;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  /** Processes that wanted a core in the last minute. Much above 0 at the start: others use the machine. */
  readonly load: number;
}

/** Reads the facts as they are now. */
export function readMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? "unknown",
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
}
