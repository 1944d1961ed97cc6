import type { Settings } from "@synod/settings";

/** The settings that the chat gateway needs. */
export interface ChatGatewayConfig {
  /** Keys that callers may show. Secret. Everyone may call when there is none, and none in the database either. */
  readonly apiKeys: readonly string[];
  /** Browser origins that may call; `*` for all. */
  readonly corsOrigins: readonly string[];
  /** What presets and limits are chosen from. */
  readonly settings: Pick<Settings, "presets" | "limits"> & {
    /** The models, with their providers' prefixes, that have settings of their own. */
    readonly modelsInSettings: readonly string[];
  };
  /** How long a stream may be silent before a comment is sent, in milliseconds. 5,000 when unset. */
  readonly keepAliveMs?: number;
}

/** Takes the settings that the chat gateway needs. */
export function toChatGatewayConfig(settings: Settings): ChatGatewayConfig {
  const { apiKeys, corsOrigins, presets, limits, providers } = settings;
  const modelsInSettings = providers.flatMap(({ id, models }) =>
    Object.keys(models).map((model) => `${id}/${model}`),
  );
  return { apiKeys, corsOrigins, settings: { presets, limits, modelsInSettings } };
}
