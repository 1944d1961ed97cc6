import {
  providerDefaultsWritten as defaults,
  type WrittenModel,
  type WrittenProvider,
} from "./schema/provider.js";
import type { CallLimits, CallTimeouts, ModelSettings, ProviderSettings } from "./settings.js";
import { usdToNanos } from "./usd.js";

/** The part of a provider's settings that says how its calls are controlled. */
export type ProviderControls = Pick<
  ProviderSettings,
  | "limits"
  | "connectTimeoutMs"
  | "timeouts"
  | "maxAttempts"
  | "breakerFailures"
  | "breakerOpenMs"
  | "maxQueue"
  | "models"
>;

/** How calls are controlled, by what is written, else by the defaults. */
export function providerControls(written: Partial<WrittenProvider> = {}): ProviderControls {
  return {
    limits: limitsOf(written),
    connectTimeoutMs: written.connect_timeout_ms ?? defaults.connect_timeout_ms,
    timeouts: {
      firstTokenMs: written.first_token_timeout_ms ?? defaults.first_token_timeout_ms,
      idleMs: written.idle_timeout_ms ?? defaults.idle_timeout_ms,
      totalMs: written.total_timeout_ms ?? defaults.total_timeout_ms,
    },
    maxAttempts: written.max_attempts ?? defaults.max_attempts,
    breakerFailures: written.breaker_failures ?? defaults.breaker_failures,
    breakerOpenMs: written.breaker_open_ms ?? defaults.breaker_open_ms,
    maxQueue: written.max_queue ?? defaults.max_queue,
    models: Object.fromEntries(
      Object.entries(written.models ?? {}).map(([model, settings]) => [model, modelOf(settings)]),
    ),
  };
}

function limitsOf(written: Partial<WrittenProvider | WrittenModel>): CallLimits {
  const { max_concurrency, requests_per_minute, tokens_per_minute } = written;
  return {
    ...(max_concurrency !== undefined && { maxConcurrency: max_concurrency }),
    ...(requests_per_minute !== undefined && { requestsPerMinute: requests_per_minute }),
    ...(tokens_per_minute !== undefined && { tokensPerMinute: tokens_per_minute }),
  };
}

function modelOf(written: WrittenModel): ModelSettings {
  const { input_usd_per_million: input, output_usd_per_million: output, context_tokens } = written;
  return {
    ...limitsOf(written),
    timeouts: timeoutsOf(written),
    ...(context_tokens !== undefined && { contextTokens: context_tokens }),
    ...(input !== undefined &&
      output !== undefined && {
        price: { input: BigInt(usdToNanos(input)), output: BigInt(usdToNanos(output)) },
      }),
  };
}

function timeoutsOf(written: WrittenModel): Partial<CallTimeouts> {
  const { first_token_timeout_ms, idle_timeout_ms, total_timeout_ms } = written;
  return {
    ...(first_token_timeout_ms !== undefined && { firstTokenMs: first_token_timeout_ms }),
    ...(idle_timeout_ms !== undefined && { idleMs: idle_timeout_ms }),
    ...(total_timeout_ms !== undefined && { totalMs: total_timeout_ms }),
  };
}
