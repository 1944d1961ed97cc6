import { SynodError } from "@synod/rpc";
import { RunStoreFullError, StorageError } from "@synod/run-store";

/** Milliseconds after which a refused run may find room. */
const roomAfterMs = 1_000;
/** Milliseconds after which storing may work again. */
export const storageAfterMs = 5_000;

/** What a caller is told whose run cannot be kept. Undefined when something else is wrong. */
export function notKept(error: unknown): SynodError | undefined {
  if (error instanceof RunStoreFullError) {
    const message = "Too many runs are going on. Ask again soon.";
    return new SynodError({ reason: "overloaded", message, retryAfterMs: roomAfterMs }, { cause: error });
  }
  if (error instanceof StorageError) {
    const message = "Synod cannot store what it must keep, so it asks nobody. Ask again soon.";
    const retryAfterMs = storageAfterMs;
    return new SynodError({ reason: "storage_unavailable", message, retryAfterMs }, { cause: error });
  }
  return undefined;
}
