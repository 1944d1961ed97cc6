import { createAllInOne } from "@synod/all-in-one";
import { chatServing } from "@synod/chat-gateway";
import { serve } from "@synod/rpc";
import { toSettings } from "@synod/settings";
import { type FaultRule, startSimulator } from "@synod/simulator";
import { createLogger, createMetrics } from "@synod/telemetry";

/** A Synod in this process, whose panel is three simulated models. */
export interface House extends AsyncDisposable {
  /** What names it to a command. */
  readonly variables: Readonly<Record<string, string>>;
  /** Forgets every upstream call and says how the models behave. */
  script(rules: readonly FaultRule[]): void;
  /** How many upstream calls were paid. */
  paid(): number;
}

const members = ["sim/ada-large", "sim/bell-large", "sim/cole-medium"].map((model) => ({ model }));
const config = {
  presets: { default: { members, aggregation: { strategy: "majority" }, stop_early: "off" } },
};

/** A model says a text. */
export function says(model: string, text: string): FaultRule {
  return { model, calls: "all", fault: { kind: "say", text } };
}

/** Starts it. */
export async function startHouse(): Promise<House> {
  const simulator = await startSimulator({ latency: "off" });
  const variables = { SYNOD_SIMULATOR_URL: simulator.url, SYNOD_PORT: "0", SYNOD_GRPC_PORT: "0" };
  const configFile = { path: "synod.config.json", text: JSON.stringify(config) };
  const settings = toSettings({ variables, configFile, mistakes: [] }, "all-in-one");
  const logger = createLogger({ level: "silent", service: "test" });
  const metrics = createMetrics({ service: "test" });
  const synod = createAllInOne({ settings, logger, metrics });
  const server = await serve({ ...chatServing(synod.chat, { settings, logger, metrics }), drainMs: 0 });
  return {
    variables: { SYNOD_URL: server.webUrl ?? "" },
    script(rules) {
      simulator.control.reset();
      simulator.control.setFaults(rules);
    },
    paid: () => simulator.control.ledger({ endpoint: "chat" }).length,
    async [Symbol.asyncDispose]() {
      await server.drain();
      await synod[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}
