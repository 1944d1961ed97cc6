import type { Deployment } from "../children/synod.js";
import type { Field, RunningVariant } from "../field.js";
import type { Size } from "../rows/cell.js";
import { MeasureError } from "../sample.js";
import { rotate } from "../stats.js";
import { type Draw, drawQuestions } from "./draw.js";
import { type EarlyStopLine, earlyStopLineOf, type EarlyStopSample } from "./early-stop-line.js";

/** The presets that are asked; their members are those of each question. */
const presets = { stopped: "bench-early-stop", all: "bench-early-all" } as const;

/** Questions at once: few, so that what is measured is the wait and not the machine. */
const atOnce = 12;
const seed = 20_261_128;

/** The presets of early stops, for the configuration file. */
export function earlyStopPresets(): object {
  const preset = (stopEarly: string): object => ({
    members: Array.from({ length: 5 }, (_, member) => ({ model: `openrouter/bench/early-${member}` })),
    aggregation: { strategy: "majority" },
    answer_format: "number",
    stop_early: stopEarly,
    grace_ms: 30_000,
  });
  return { [presets.stopped]: preset("lossless"), [presets.all]: preset("off") };
}

/** What came of all deployments. */
export interface EarlyStops {
  readonly lines: readonly EarlyStopLine[];
  readonly failures: readonly string[];
}

/** Asks each deployment the same questions, stopped early and waiting for all, in rotating order. */
export async function measureEarlyStops(
  field: Field,
  deployments: readonly Deployment[],
  { quick, repeats }: Size,
): Promise<EarlyStops> {
  const draws = drawQuestions(quick ? 24 : 72, seed);
  const samples = new Map<Deployment, EarlyStopSample[]>();
  const failures: string[] = [];
  // The first repeat warms up.
  for (let repeat = 0; repeat <= repeats; repeat++) {
    for (const deployment of rotate(deployments, repeat)) {
      const variant = field.variants.get(deployment);
      const own = samples.get(deployment) ?? [];
      if (variant === undefined || failures.some((failure) => failure.includes(deployment))) continue;
      try {
        const sample = await takeSample(field, variant, draws);
        if (repeat > 0) samples.set(deployment, [...own, sample]);
      } catch (error) {
        if (!(error instanceof MeasureError)) throw error;
        failures.push(`early stop, ${deployment}: ${error.message}`);
      }
    }
  }
  const lines = Array.from(samples, ([deployment, own]) => earlyStopLineOf(deployment, draws, own));
  return { lines, failures };
}

async function takeSample(
  field: Field,
  variant: RunningVariant,
  draws: readonly Draw[],
): Promise<EarlyStopSample> {
  const allMs = await ask(field, variant, presets.all, draws);
  await field.upstream.ask("voterEnds", null);
  const stoppedMs = await ask(field, variant, presets.stopped, draws);
  const ends = await field.upstream.ask("voterEnds", null);
  return { stoppedMs, allMs, ends };
}

async function ask(
  { load }: Field,
  { url }: RunningVariant,
  preset: string,
  draws: readonly Draw[],
): Promise<readonly number[]> {
  const { latenciesMs, failed, firstFailure } = await load.ask("load", {
    url,
    body: draws.map(({ models }) =>
      JSON.stringify({
        model: `synod/${preset}`,
        messages: [{ role: "user", content: "What is 6 x 7?" }],
        consensus: { members: models.map((model) => ({ model: `openrouter/${model}` })) },
      }),
    ),
    stream: false,
    expect: '"finish_reason":"stop"',
    count: draws.length,
    pace: { atOnce, overMs: 300 },
  });
  if (failed > 0) throw new MeasureError(`${failed} of ${draws.length} failed; the first ${firstFailure}`);
  return latenciesMs;
}
