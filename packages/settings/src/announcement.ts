import { choosePresets, type ProviderState } from "./choose-presets.js";
import type { Settings } from "./settings.js";

/** Where a launched Synod is reached. */
export interface Reached {
  /** Example: `http://127.0.0.1:8080`. */
  readonly webUrl?: string;
  /** Example: `http://127.0.0.1:8081`. */
  readonly grpcUrl?: string;
  /** Whether the launcher started the simulator. */
  readonly simulator: boolean;
}

/** What a launcher tells the person who started it: where Synod is, who sits on its panel, whether it is a simulation. */
export function announcement(
  settings: Pick<Settings, "providers" | "presets" | "limits">,
  reached: Reached,
): string {
  const states: ProviderState[] = settings.providers.map(({ id, keys, keyRequired, simulated }) => ({
    id,
    available: keys.length > 0 || !keyRequired,
    simulated,
  }));
  if (reached.simulator) states.push({ id: "sim", available: true, simulated: true });
  const members = choosePresets(settings, states)["default"]?.members.map(({ model }) => model) ?? [];
  const lines = [
    `Synod is ready on ${reached.webUrl ?? "no port"} (gRPC on ${reached.grpcUrl?.replace("http://", "") ?? "no port"}).`,
    `The panel of synod/default: ${members.join(", ")}.`,
  ];
  if (members.some((model) => model.startsWith("sim/"))) {
    lines.push("It is a simulation. Set OPENROUTER_API_KEY or GROQ_API_KEY to ask real models.");
  }
  return lines.join("\n");
}
