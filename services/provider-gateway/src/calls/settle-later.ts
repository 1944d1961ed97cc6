import type { Usage } from "@synod/contracts/model";
import { readGeneration } from "../account/generation.js";
import type { ProviderKey } from "../control/key-ring.js";
import type { Target } from "../providers/target.js";
import { settleUsage, type UsageBasis } from "./settle-usage.js";

/**
 * Asks the provider what a call that failed or was left has really cost. Null where it never says, or where its own
 * figures are there already. The promise never fails: what nobody can say stays as it was assumed.
 *
 * @param id the provider's id of the call; empty when it was not heard.
 */
export function settleLater(
  { provider }: Target,
  key: ProviderKey,
  id: string,
  assumed: Usage,
  basis: UsageBasis,
): Promise<Usage> | null {
  const { generations } = provider.codec;
  const isKnown = provider.simulated || basis.reported?.costUsdNanos != null;
  if (generations === null || id === "" || isKnown) return null;
  return readGeneration(provider, key, id).then((reported) =>
    reported === null ? assumed : settleUsage({ ...basis, reported }),
  );
}
