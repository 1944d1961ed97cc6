import { providerDefaultsWritten as defaults, type WrittenProvider } from "./schema/provider.js";

/** What does not fit together in a provider's settings: each with its key below the provider. */
export function controlMistakes(
  provider: WrittenProvider,
): readonly (readonly [key: readonly string[], message: string])[] {
  const total = provider.total_timeout_ms ?? defaults.total_timeout_ms;
  const first = provider.first_token_timeout_ms ?? defaults.first_token_timeout_ms;
  const models = Object.entries(provider.models ?? {}).flatMap(([model, settings]) => {
    const key = ["models", model];
    return [
      ...lateFirstToken(
        key,
        settings.first_token_timeout_ms,
        settings.first_token_timeout_ms ?? first,
        settings.total_timeout_ms ?? total,
      ),
      ...halfAPrice(key, settings.input_usd_per_million, settings.output_usd_per_million),
    ];
  });
  return [...lateFirstToken([], provider.first_token_timeout_ms, first, total), ...models];
}

type Found = readonly [key: readonly string[], message: string];

/** A default that can never fire is no mistake; one that was written is. */
function lateFirstToken(
  key: readonly string[],
  written: number | undefined,
  first: number,
  total: number,
): readonly Found[] {
  if (written === undefined || first <= total) return [];
  return [
    [
      [...key, "first_token_timeout_ms"],
      `${first} is above total_timeout_ms (${total}), so it would never end a call. Lower it, or raise the other.`,
    ],
  ];
}

function halfAPrice(
  key: readonly string[],
  input: number | undefined,
  output: number | undefined,
): readonly Found[] {
  if ((input === undefined) === (output === undefined)) return [];
  const missing = input === undefined ? "input_usd_per_million" : "output_usd_per_million";
  return [[[...key, missing], "is missing: a price needs both. Set it, or leave out the other."]];
}
