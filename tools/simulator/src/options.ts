import { z } from "zod";
import type { Latency } from "./minds/compose.js";
import type { JudgeRates } from "./minds/judge.js";
import { JUDGE_RATES } from "./models/models.js";
import type { ModelProfile } from "./models/profile.js";

/** How a simulator behaves. Everything has a default. */
export interface SimulatorOptions {
  /** The port on 127.0.0.1. Default 0: a free one. */
  readonly port?: number;
  /** Decides who knows what, who errs how, and how long calls take; 0 to 2^32 - 1. Default 1. */
  readonly seed?: number;
  /** Whether OpenRouter's routes want a key, as the real ones do. Groq's always do. Default false. */
  readonly requireKeys?: boolean;
  /** The only keys that are accepted. Default: any. */
  readonly keys?: readonly string[];
  /** Keys that may read `GET /credits`. Default: none. */
  readonly managementKeys?: readonly string[];
  /** How time passes. Default `real`: as the models' data say. */
  readonly latency?: Latency;
  /** Divides every latency and multiplies every token rate, above 0. Default 1. */
  readonly speed?: number;
  readonly judge?: Partial<JudgeRates>;
  /** Models beside the shipped ones, or in place of those with the same id. */
  readonly models?: readonly ModelProfile[];
  /** Whether the lists of models name well-known real ids too. Default: as `requireKeys`. */
  readonly standIns?: boolean;
  /** Whether `/control` is served over HTTP. Default true. */
  readonly httpControl?: boolean;
  /** Calls that the ledger keeps, 1 or more. Default 10,000. */
  readonly ledgerLimit?: number;
}

/**
 * The options of a simulator that stands in for real models: nobody scripts its faults, and it remembers few of the
 * questions that it is asked.
 */
export const embeddedSimulator: SimulatorOptions = { httpControl: false, ledgerLimit: 100 };

/** The options with every default filled in. */
export type Settings = Required<Omit<SimulatorOptions, "judge" | "keys">> & {
  readonly judge: JudgeRates;
  readonly keys: readonly string[] | undefined;
};

const numbers = z.object({
  port: z.int().min(0).max(65_535),
  seed: z.int().min(0).max(0xffff_ffff),
  speed: z.number().positive(),
  ledgerLimit: z.int().min(1),
  judge: z.object({ hitRate: z.number().min(0).max(1), falseAlarmRate: z.number().min(0).max(1) }),
});

/** Fills in the defaults. Throws a ZodError for a number out of its range. */
export function toSettings(options: SimulatorOptions): Settings {
  const requireKeys = options.requireKeys ?? false;
  const settings: Settings = {
    port: options.port ?? 0,
    seed: options.seed ?? 1,
    requireKeys,
    keys: options.keys,
    managementKeys: options.managementKeys ?? [],
    latency: options.latency ?? "real",
    speed: options.speed ?? 1,
    judge: { ...JUDGE_RATES, ...options.judge },
    models: options.models ?? [],
    standIns: options.standIns ?? requireKeys,
    httpControl: options.httpControl ?? true,
    ledgerLimit: options.ledgerLimit ?? 10_000,
  };
  numbers.parse(settings);
  return settings;
}
