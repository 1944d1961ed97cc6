import { create } from "@bufbuild/protobuf";
import {
  type ListEndpointsRequest,
  type ListEndpointsResponse,
  ListEndpointsResponseSchema,
} from "@synod/contracts/provider";
import type { HandlerContext } from "@synod/rpc";
import { readEndpoints } from "../account/endpoints.js";
import type { Provider } from "../providers/provider.js";
import { ProviderFailure } from "../providers/provider-error.js";
import { resolveTarget } from "../providers/target.js";
import { toReadError } from "./failure.js";

/**
 * Lists who serves a model, with one upstream call that costs nothing.
 *
 * @throws SynodError
 */
export async function listEndpoints(
  providers: ReadonlyMap<string, Provider>,
  { model }: ListEndpointsRequest,
  { signal }: HandlerContext,
): Promise<ListEndpointsResponse> {
  try {
    const resolved = resolveTarget(model, providers);
    if (resolved.kind === "failed") throw new ProviderFailure(resolved.error);
    const data = await readEndpoints(resolved.target, signal);
    return create(ListEndpointsResponseSchema, { dataJson: JSON.stringify(data) });
  } catch (error) {
    throw toReadError(error, signal);
  }
}
