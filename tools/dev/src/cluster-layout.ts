import { freePort } from "./free-port.js";
import type { ServiceSpec } from "./service-process.js";

/** What the layout needs to know. */
export interface ClusterOptions {
  /** The public ports of the chat gateway. */
  readonly webPort: number;
  readonly grpcPort: number;
  /** How many aggregation processes, 1 or more. */
  readonly aggregations: number;
  /** Where the simulator is, if it runs. */
  readonly simulatorUrl?: string;
}

/** The processes in the order in which they start. They stop in the opposite order. */
export type ClusterLayout = readonly (readonly ServiceSpec[])[];

/** Lays out the five services on free loopback ports, each told where the others are. */
export async function layOutCluster(options: ClusterOptions): Promise<ClusterLayout> {
  const simulator: Record<string, string> =
    options.simulatorUrl === undefined ? {} : { SYNOD_SIMULATOR_URL: options.simulatorUrl };
  const inner = async (service: string, env: Record<string, string>): Promise<ServiceSpec> => ({
    service,
    grpcPort: await freePort(),
    webPort: await freePort(),
    env: { ...env, SYNOD_HOST: "127.0.0.1" },
  });

  const provider = await inner("provider-gateway", simulator);
  const toProvider = { SYNOD_PROVIDER_TARGET: target([provider]) };
  const round = await inner("round", toProvider);
  const judge = await inner("judge", toProvider);
  const aggregations: ServiceSpec[] = [];
  for (let i = 0; i < options.aggregations; i++) aggregations.push(await inner("aggregation", toProvider));
  const chat: ServiceSpec = {
    service: "chat-gateway",
    grpcPort: options.grpcPort,
    webPort: options.webPort,
    env: {
      ...toProvider,
      SYNOD_ROUND_TARGET: target([round]),
      SYNOD_AGGREGATION_TARGET: target(aggregations),
      SYNOD_JUDGE_TARGET: target([judge]),
    },
  };
  return [[provider], [round, judge, ...aggregations], [chat]];
}

function target(specs: readonly ServiceSpec[]): string {
  return `ipv4:${specs.map((spec) => `127.0.0.1:${spec.grpcPort}`).join(",")}`;
}
