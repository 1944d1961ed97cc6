import { create } from "@bufbuild/protobuf";
import { type Usage, UsageSchema } from "@synod/contracts/model";
import {
  type CallSize,
  type EstimateUsageRequest,
  type EstimateUsageResponse,
  EstimateUsageResponseSchema,
} from "@synod/contracts/provider";
import type { HandlerContext } from "@synod/rpc";
import { bytesPerToken } from "../calls/call-size.js";
import type { Catalogue } from "../models/catalogue.js";
import type { ModelFacts } from "../models/model-facts.js";
import { costOf } from "../models/price.js";
import type { Provider } from "../providers/provider.js";
import { resolveTarget, type Target } from "../providers/target.js";
import { toReadError } from "./failure.js";
import { orLeft } from "./or-left.js";

/** What estimating needs. */
export interface EstimateDeps {
  /** By id. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly catalogue: Catalogue;
  readonly facts: ModelFacts;
}

/** How long a provider's first list is waited for, in milliseconds. */
const patienceMs = 1_000;
const mostNanos = 2n ** 63n - 1n;

/**
 * Says what calls may cost at most. A model that cannot be asked has no known cost; that is no error.
 *
 * @throws SynodError
 */
export async function estimateUsage(
  deps: EstimateDeps,
  { calls }: EstimateUsageRequest,
  { signal }: HandlerContext,
): Promise<EstimateUsageResponse> {
  try {
    const targets = calls.map(({ model }) => targetOf(model, deps.providers));
    const asked = new Set(targets.flatMap((target) => target?.provider ?? []));
    const heard = [...asked].map((provider) => deps.catalogue.heardOf(provider, patienceMs));
    await orLeft(Promise.all(heard), signal);
    return create(EstimateUsageResponseSchema, {
      usages: calls.map((call, place) => usageOf(call, targets[place], deps.facts)),
    });
  } catch (error) {
    throw toReadError(error, signal);
  }
}

function targetOf(model: string, providers: ReadonlyMap<string, Provider>): Target | undefined {
  const resolved = resolveTarget(model, providers);
  return resolved.kind === "target" ? resolved.target : undefined;
}

function usageOf(call: CallSize, target: Target | undefined, facts: ModelFacts): Usage {
  const listed = target === undefined ? undefined : facts.maxOutputTokensOf(target);
  const outputTokens = call.maxOutputTokens ?? listed;
  const perToken = BigInt(bytesPerToken);
  const inputTokens = (call.inputBytes + perToken - 1n) / perToken;
  const cost = costIn(target, Number(inputTokens), outputTokens, facts);
  return create(UsageSchema, {
    inputTokens,
    outputTokens: BigInt(outputTokens ?? 0),
    ...(cost !== undefined && { costUsdNanos: cost }),
    estimated: true,
  });
}

/** Undefined when no price is known, when nothing says how much may be written that is paid for, and when the sum is beyond every amount of money. */
function costIn(
  target: Target | undefined,
  input: number,
  output: number | undefined,
  facts: ModelFacts,
): bigint | undefined {
  if (target?.provider.simulated === true) return 0n;
  const price = target === undefined ? null : facts.priceOf(target);
  if (price === null || (output === undefined && price.output > 0n)) return undefined;
  const nanos = BigInt(costOf(price, { input, output: output ?? 0, cachedInput: 0, reasoning: 0 }));
  return nanos <= mostNanos ? nanos : undefined;
}
