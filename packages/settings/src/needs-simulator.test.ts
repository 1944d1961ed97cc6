import { expect, test } from "vitest";

import { needsSimulator } from "./needs-simulator.js";
import type { Settings } from "./settings.js";
import { toSettings } from "./to-settings.js";

function settings(variables: Record<string, string>, config?: unknown): Settings {
  const configFile =
    config === undefined ? undefined : { path: "synod.config.json", text: JSON.stringify(config) };
  return toSettings(
    { variables, mistakes: [], ...(configFile === undefined ? {} : { configFile }) },
    "all-in-one",
  );
}

const preset = (model: string) => ({
  presets: { default: { members: [{ model }], aggregation: { strategy: "majority" } } },
});

test.each([
  ["no key", settings({}), true],
  ["a key", settings({ GROQ_API_KEY: "gsk_1" }), false],
  ["an own default preset", settings({}, preset("groq/a")), false],
  ["a preset with a simulated model", settings({ GROQ_API_KEY: "gsk_1" }, preset("sim/ada-large")), true],
  ["a simulator that runs already", settings({ SYNOD_SIMULATOR_URL: "http://127.0.0.1:9" }), false],
])("%s", (_, given, expected) => {
  expect(needsSimulator(given)).toBe(expected);
});
