import { create } from "@bufbuild/protobuf";
import {
  type ListProvidersResponse,
  ListProvidersResponseSchema,
  ProviderSchema,
} from "@synod/contracts/provider";
import type { Provider } from "../providers/provider.js";

/** Lists the configured providers, in the order of the configuration. Asks no upstream. */
export function listProviders(providers: Iterable<Provider>): ListProvidersResponse {
  return create(ListProvidersResponseSchema, {
    providers: [...providers].map(({ id, available, simulated }) =>
      create(ProviderSchema, { id, available, simulated }),
    ),
  });
}
