import type { Clock } from "../clock.js";
import { Wakes } from "../database/wakes.js";
import {
  type Claim,
  type HeldClaim,
  type IdempotencyStore,
  rememberedMs,
  type RequestKey,
  type StoredResponse,
} from "./idempotency-store.js";

interface Remembered {
  readonly requestHash: string;
  readonly runId: string;
  readonly expireTimeMs: number;
  response: StoredResponse | undefined;
}

/** How often a waiter looks again without being told, in milliseconds. It is always told. */
const lookAgainMs = 60_000;

/** Remembers requests in this process alone. */
export function createMemoryIdempotencyStore(clock: Clock): IdempotencyStore {
  const remembered = new Map<string, Remembered>();
  const wakes = new Wakes(clock, () => lookAgainMs);
  const nameOf = ({ owner, key }: RequestKey): string => JSON.stringify([owner, key]);
  const held = (claim: HeldClaim): Remembered | undefined => {
    const entry = remembered.get(nameOf(claim));
    return entry?.runId === claim.runId ? entry : undefined;
  };

  /** They expire in the order in which they came. */
  function forget(): void {
    for (const [name, { expireTimeMs }] of remembered) {
      if (expireTimeMs > clock.now()) return;
      remembered.delete(name);
    }
  }

  return {
    async claim(request): Promise<Claim> {
      forget();
      const { requestHash, runId } = request;
      const known = remembered.get(nameOf(request));
      if (known === undefined) {
        const expireTimeMs = clock.now() + rememberedMs;
        remembered.set(nameOf(request), { requestHash, runId, expireTimeMs, response: undefined });
        return { type: "new" };
      }
      if (known.requestHash !== requestHash) return { type: "conflict" };
      const { response } = known;
      return response === undefined
        ? { type: "running", runId: known.runId }
        : { type: "finished", runId: known.runId, response };
    },
    async finish(claim, response) {
      const entry = held(claim);
      if (entry !== undefined) entry.response = response;
      wakes.wake(claim.runId);
    },
    async release(claim) {
      const entry = held(claim);
      if (entry !== undefined && entry.response === undefined) remembered.delete(nameOf(claim));
      wakes.wake(claim.runId);
    },
    async outcome(running, signal) {
      using watch = wakes.watch(running.runId);
      for (;;) {
        const entry = held(running);
        if (entry === undefined || entry.response !== undefined) return entry?.response;
        await watch.next(signal);
      }
    },
  };
}
