import type { Usage } from "@synod/contracts/model";
import { readGeneration } from "../account/generation.js";
import type { ProviderKey } from "../control/key-ring.js";
import type { Headers } from "../providers/codec.js";
import type { Target } from "../providers/target.js";
import { settleUsage, type UsageBasis } from "./settle-usage.js";

/** A call that failed or was left. */
export interface EndedCall {
  readonly target: Target;
  readonly key: ProviderKey;
  /** Of the head of its answer. */
  readonly header: Headers;
  /** What it may have cost. */
  readonly assumed: Usage;
  readonly basis: UsageBasis;
}

/**
 * Asks the provider what a call has really cost. Null where it never says, or where that is known: nothing, or the
 * provider's own figure. The promise never fails: what nobody can say stays as it was assumed.
 */
export function settleLater({ target, key, header, assumed, basis }: EndedCall): Promise<Usage> | null {
  const { provider } = target;
  const { generations } = provider.codec;
  const isKnown = provider.simulated || assumed.costUsdNanos === 0n || basis.reported?.costUsdNanos != null;
  const id = generations?.idOf(header) ?? "";
  if (generations === null || id === "" || isKnown) return null;
  return readGeneration(provider, key, id).then((reported) =>
    reported === null ? assumed : settleUsage({ ...basis, reported }),
  );
}
