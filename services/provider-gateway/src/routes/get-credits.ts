import { create } from "@bufbuild/protobuf";
import {
  AccountCreditSchema,
  type GetCreditsRequest,
  type GetCreditsResponse,
  GetCreditsResponseSchema,
  KeyLimitSchema,
} from "@synod/contracts/provider";
import { type HandlerContext, SynodError } from "@synod/rpc";
import { type Balance, readBalance } from "../account/credits.js";
import type { Provider } from "../providers/provider.js";
import { toReadError } from "./failure.js";

const usualProvider = "openrouter";

/**
 * Reads what is left of the credit, else of the key's limit, with two upstream calls at most that cost nothing.
 *
 * @throws SynodError
 */
export async function getCredits(
  providers: ReadonlyMap<string, Provider>,
  { providerId }: GetCreditsRequest,
  { signal }: HandlerContext,
): Promise<GetCreditsResponse> {
  const provider = availableProvider(providers, providerId || usualProvider);
  try {
    const balance = await readBalance(provider, signal);
    return create(GetCreditsResponseSchema, { balance: toBalance(balance) });
  } catch (error) {
    throw toReadError(error, signal);
  }
}

function availableProvider(providers: ReadonlyMap<string, Provider>, id: string): Provider {
  const provider = providers.get(id);
  if (provider?.available === true) return provider;
  const message =
    provider === undefined ? `the provider ${id} is not configured` : `the provider ${id} has no key`;
  throw new SynodError({ reason: "provider_not_configured", message });
}

function toBalance(balance: Balance): GetCreditsResponse["balance"] {
  switch (balance.kind) {
    case "account":
      return { case: "account", value: create(AccountCreditSchema, balance.credit) };
    case "key":
      return { case: "key", value: create(KeyLimitSchema, balance.limit) };
    default:
      return balance satisfies never;
  }
}
