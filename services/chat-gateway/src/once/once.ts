import { randomUUID } from "node:crypto";
import { SynodError } from "@synod/rpc";
import type { ClaimRequest, IdempotencyStore, StoredResponse } from "@synod/run-store";
import type { ChatEvents } from "../events.js";
import { notKept } from "../not-kept.js";
import type { Background } from "./background.js";
import type { Told } from "./told.js";

/** A request with an idempotency key. */
export interface KeyedRequest extends Omit<ClaimRequest, "runId"> {
  /** Fires when its caller waits no longer. */
  readonly signal: AbortSignal;
  /** What later ones are told when carrying it out broke. */
  readonly broken: (error: unknown) => Told;
}

/** What came of it: told by this very request, or by an earlier one with the same key. */
export type OnceResult<T extends Told> =
  | { readonly type: "own"; readonly told: T }
  | { readonly type: "replayed"; readonly response: StoredResponse };

/** Carries out requests with an idempotency key once. */
export interface Once {
  /**
   * Carries a request out, or tells what the first one with its key came to, once that is known. What is carried out goes
   * on when its caller leaves. What cost nothing and is no answer frees the key.
   *
   * @param work Carries it out, as the run with this id.
   * @throws what `work` does, after that was kept for later ones; SynodError `idempotency_key_reused` when the key was used for another request; `storage_unavailable` when that
   * cannot be found out. Nothing was asked then.
   */
  ask<T extends Told>(
    request: KeyedRequest,
    work: (runId: string, signal: AbortSignal) => Promise<T>,
  ): Promise<OnceResult<T>>;
}

/** What it needs. */
export interface OnceDeps {
  readonly store: IdempotencyStore;
  readonly background: Background;
  readonly events: Pick<ChatEvents, "replayed">;
}

/** Makes what carries out requests once. */
export function createOnce({ store, background, events }: OnceDeps): Once {
  async function carryOut<T extends Told>(
    request: ClaimRequest,
    broken: KeyedRequest["broken"],
    work: (runId: string, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const keep = ({ isKept, response }: Told): Promise<void> =>
      isKept ? store.finish(request, response) : store.release(request);
    return background.run(async (signal) => {
      let told: T;
      try {
        told = await work(request.runId, signal);
      } catch (error) {
        await keep(broken(error));
        throw error;
      }
      await keep(told);
      return told;
    });
  }

  async function ask<T extends Told>(
    { signal, broken, ...request }: KeyedRequest,
    work: (runId: string, signal: AbortSignal) => Promise<T>,
  ): Promise<OnceResult<T>> {
    for (;;) {
      signal.throwIfAborted();
      const claimed = { ...request, runId: randomUUID() };
      const claim = await store.claim(claimed);
      switch (claim.type) {
        case "new":
          return { type: "own", told: await carryOut(claimed, broken, work) };
        case "finished":
          return { type: "replayed", response: claim.response };
        case "conflict":
          throw new SynodError({ reason: "idempotency_key_reused", message: reused });
        case "running": {
          const response = await store.outcome({ ...request, runId: claim.runId }, signal);
          if (response !== undefined) return { type: "replayed", response };
          break; // it was given up: whoever claims it now carries it out
        }
        default:
          return claim satisfies never;
      }
    }
  }

  return {
    async ask(request, work) {
      try {
        const result = await ask(request, work);
        if (result.type === "replayed") events.replayed("key");
        return result;
      } catch (error) {
        throw notKept(error) ?? error;
      }
    },
  };
}

const reused =
  "This Idempotency-Key was used for another request within the last 24 hours. Send a new key with a new request.";
