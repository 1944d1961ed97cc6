import type { Worker } from "./children/worker.js";
import type { VariantName } from "./rows/cell.js";

/** A variant that runs. */
export interface RunningVariant {
  /** Where the load goes. */
  readonly url: string;
  /** Headers that it wants with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its first process. Undefined for `direct`, which has none of its own. */
  readonly pid?: number;
}

/** All processes of a bench. */
export interface Field {
  readonly load: Worker;
  readonly upstream: Worker;
  readonly variants: ReadonlyMap<VariantName, RunningVariant>;
}
