import { needsSimulator, readSettings, type Settings } from "@synod/settings";
import { embeddedSimulator, startSimulator } from "@synod/simulator";

/** The settings, and the simulator where they need it. */
export interface Simulation extends AsyncDisposable {
  readonly settings: Settings;
  /** Whether the simulator runs. */
  readonly simulator: boolean;
}

/** Reads the settings of the process. Where they need the simulator, it is started and listed as a provider. */
export async function startSimulation(): Promise<Simulation> {
  const settings = readSettings("all-in-one");
  if (!needsSimulator(settings)) return { settings, simulator: false, async [Symbol.asyncDispose]() {} };
  const simulator = await startSimulator(embeddedSimulator);
  return {
    settings: readSettings("all-in-one", { SYNOD_SIMULATOR_URL: simulator.url }),
    simulator: true,
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}
