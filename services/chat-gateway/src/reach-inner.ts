import type { DescService } from "@bufbuild/protobuf";
import { AggregationService } from "@synod/contracts/aggregation";
import { JudgeService } from "@synod/contracts/judge";
import { ProviderService } from "@synod/contracts/provider";
import { RoundService } from "@synod/contracts/round";
import { type Client, createGrpcTransport, createServiceClient } from "@synod/rpc";
import type { Settings } from "@synod/settings";

/** The services behind the chat gateway, over gRPC. Disposing it closes the channels. */
export interface InnerServices extends AsyncDisposable {
  readonly providers: Client<typeof ProviderService>;
  readonly rounds: Client<typeof RoundService>;
  readonly aggregations: Client<typeof AggregationService>;
  readonly judges: Client<typeof JudgeService>;
}

/** Opens a channel to each inner service. Nothing is dialled before the first call. */
export function reachInner({ targets, innerToken }: Pick<Settings, "targets" | "innerToken">): InnerServices {
  const transports: AsyncDisposable[] = [];
  const reach = <S extends DescService>(service: S, target: string): Client<S> => {
    const transport = createGrpcTransport({ target, token: innerToken, services: [service] });
    transports.push(transport);
    return createServiceClient(service, transport);
  };
  return {
    providers: reach(ProviderService, targets.provider),
    rounds: reach(RoundService, targets.round),
    aggregations: reach(AggregationService, targets.aggregation),
    judges: reach(JudgeService, targets.judge),
    async [Symbol.asyncDispose]() {
      await Promise.all(transports.map((transport) => transport[Symbol.asyncDispose]()));
    },
  };
}
