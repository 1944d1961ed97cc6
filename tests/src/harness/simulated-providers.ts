import type { Client } from "@connectrpc/connect";
import { ProviderService } from "@synod/contracts/provider";
import { createProviderGateway } from "@synod/provider-gateway";
import { createLocalTransport, createServiceClient, serviceInterceptors } from "@synod/rpc";
import { type FaultRule, type SimulatorControl, startSimulator } from "@synod/simulator";
import { providerControls } from "@synod/settings";
import { createLogger, createMetrics } from "@synod/telemetry";

/** The real provider gateway in front of simulated upstreams. Its models have the prefix `sim/`. */
export interface SimulatedProviders extends AsyncDisposable {
  readonly providers: Client<typeof ProviderService>;
  readonly control: SimulatorControl;
  /** How many upstream calls were paid for; those of one model (without its prefix) if it is named. */
  paid(model?: string): number;
}

/** Starts a simulator that is twenty times as fast as real models, and a provider gateway in front of it. */
export async function simulatedProviders(faults: readonly FaultRule[] = []): Promise<SimulatedProviders> {
  const simulator = await startSimulator({ speed: 20 });
  const { control, openrouterUrl: baseUrl } = simulator;
  control.setFaults(faults);
  const logger = createLogger({ level: "silent", service: "testing" });
  const metrics = createMetrics({ service: "testing" });
  const sim = {
    id: "sim",
    kind: "openrouter",
    baseUrl,
    keys: [],
    keyRequired: false,
    simulated: true,
    ...providerControls({ max_attempts: 1 }),
  } as const;
  const config = { providers: [sim], modelsTtlMs: 1_000, modelsAtStart: false };
  const gateway = createProviderGateway({ config, logger, metrics });
  const interceptors = serviceInterceptors({ logger, metrics, service: "provider" });
  const transport = createLocalTransport(gateway.routes, { interceptors });
  return {
    providers: createServiceClient(ProviderService, transport),
    control,
    paid: (model) => control.ledger({ endpoint: "chat", ...(model !== undefined && { model }) }).length,
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}
