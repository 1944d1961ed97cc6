import { freePorts } from "./free-ports.js";
import type { ServiceSpec } from "./service-process.js";

/** What the layout needs to know. */
export interface ClusterOptions {
  /** The public ports of the chat gateway; 0 for free ones. */
  readonly webPort: number;
  readonly grpcPort: number;
  /** How many aggregation processes, 1 or more. */
  readonly aggregations: number;
  /** Where the simulator is, if it runs. */
  readonly simulatorUrl?: string;
}

/** Which processes there are. */
export interface ClusterLayout {
  /** In the order in which they start. They stop in the opposite order. */
  readonly layers: readonly (readonly ServiceSpec[])[];
  /** The one that callers reach. */
  readonly gateway: ServiceSpec;
}

/** Lays out the five services on free loopback ports, each told where the others are. */
export async function layOutCluster(options: ClusterOptions): Promise<ClusterLayout> {
  const simulator: Record<string, string> =
    options.simulatorUrl === undefined ? {} : { SYNOD_SIMULATOR_URL: options.simulatorUrl };
  const ports = await freePorts(2 * (4 + options.aggregations));
  const nextPort = (wanted = 0): number => wanted || (ports.pop() ?? 0);
  const inner = (service: string, env: Record<string, string>): ServiceSpec => ({
    service,
    grpcPort: nextPort(),
    webPort: nextPort(),
    env: { ...env, SYNOD_HOST: "127.0.0.1" },
  });

  const provider = inner("provider-gateway", simulator);
  const toProvider = { SYNOD_PROVIDER_TARGET: target([provider]) };
  const round = inner("round", toProvider);
  const judge = inner("judge", toProvider);
  const aggregations = Array.from({ length: options.aggregations }, () => inner("aggregation", toProvider));
  const chat: ServiceSpec = {
    service: "chat-gateway",
    grpcPort: nextPort(options.grpcPort),
    webPort: nextPort(options.webPort),
    env: {
      ...toProvider,
      SYNOD_ROUND_TARGET: target([round]),
      SYNOD_AGGREGATION_TARGET: target(aggregations),
      SYNOD_JUDGE_TARGET: target([judge]),
    },
  };
  return { layers: [[provider], [round, judge, ...aggregations], [chat]], gateway: chat };
}

function target(specs: readonly ServiceSpec[]): string {
  return `ipv4:${specs.map((spec) => `127.0.0.1:${spec.grpcPort}`).join(",")}`;
}
