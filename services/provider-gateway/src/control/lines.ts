import type { ModelSettings, ProviderSettings } from "@synod/settings";
import type { ProviderError } from "../providers/provider-error.js";
import { KeyState } from "./key-ring.js";
import { Line } from "./line.js";

/** Models that are remembered at a time: their names come from callers, so their number has no other bound. */
const mostModels = 1_000;

/** The line to ask on, or why none is asked. */
export type Choice =
  | {
      readonly kind: "open";
      readonly line: Line;
      /** Until a call fits into its limits; 0 when it does now. */
      readonly waitMs: number;
    }
  | {
      /** It failed too often, or its key was refused. */
      readonly kind: "shut";
      readonly error: ProviderError;
    };

/** What lines are made of. */
export interface LinesOptions {
  readonly settings: ProviderSettings;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** The lines of one provider: every model that was asked lately, with every key. */
export class Lines {
  readonly keys: readonly KeyState[];
  readonly #options: LinesOptions;
  readonly #models = new Map<string, readonly Line[]>();
  #turn = 0;

  constructor(options: LinesOptions) {
    this.#options = options;
    const { settings, now } = options;
    const secrets = settings.keys.length === 0 ? [undefined] : settings.keys;
    this.keys = secrets.map(
      (secret, place) => new KeyState({ index: place + 1, secret }, { now, ...settings.limits }),
    );
  }

  /**
   * The line for a call of so many tokens: of those that may be asked, the one that it fits into first; of several, the
   * one with the fewest calls, in turn.
   *
   * @param tried lines that are not to be asked again while it fits into another.
   */
  choose(model: string, tokens: number, tried: ReadonlySet<Line>): Choice {
    const lines = this.#linesOf(model);
    const fresh = lines.filter((line) => !tried.has(line));
    const choice = fresh.length > 0 ? this.#best(fresh, tokens) : undefined;
    return choice?.kind === "open" && choice.waitMs === 0 ? choice : this.#best(lines, tokens);
  }

  /** Whether a line that is not among `tried` could be asked now. */
  hasOther(model: string, tokens: number, tried: ReadonlySet<Line>): boolean {
    return this.#linesOf(model).some(
      (line) => !tried.has(line) && line.shut === undefined && line.waitMs(tokens) === 0,
    );
  }

  /** Whether the provider's cheap tier had no room for a model a moment ago: the ordinary one is asked meanwhile. */
  isTierFull(model: string): boolean {
    return this.#linesOf(model).some((line) => line.isTierFull);
  }

  /** Every line there is. */
  *all(): Generator<Line> {
    for (const lines of this.#models.values()) yield* lines;
  }

  #best(lines: readonly Line[], tokens: number): Choice {
    let best: OpenLine | undefined;
    let error: ProviderError | undefined;
    this.#turn += 1;
    for (let place = 0; place < lines.length; place++) {
      const line = lines[(place + this.#turn) % lines.length];
      if (line === undefined) continue;
      const { shut } = line;
      if (shut !== undefined) error ??= shut;
      else best = better(best, { kind: "open", line, waitMs: line.waitMs(tokens) });
    }
    if (best !== undefined) return best;
    if (error === undefined) throw new Error("a provider has no line");
    return { kind: "shut", error };
  }

  #linesOf(model: string): readonly Line[] {
    const known = this.#models.get(model);
    if (known !== undefined) {
      // Back to the end: the first is the one that was not asked for the longest.
      this.#models.delete(model);
      this.#models.set(model, known);
      return known;
    }
    const lines = this.#open(model);
    this.#models.set(model, lines);
    if (this.#models.size > mostModels) this.#forgetOne();
    return lines;
  }

  #open(model: string): readonly Line[] {
    const { settings, now, random } = this.#options;
    const { requestsPerMinute, tokensPerMinute } = modelSettings(settings, model);
    const { breakerFailures, breakerOpenMs } = settings;
    return this.keys.map(
      (key) =>
        new Line({ key, now, random, breakerFailures, breakerOpenMs, requestsPerMinute, tokensPerMinute }),
    );
  }

  #forgetOne(): void {
    for (const [model, lines] of this.#models) {
      if (lines.some((line) => line.calls > 0)) continue;
      this.#models.delete(model);
      return;
    }
  }
}

/** What is set for a model; nothing when it is not in the settings. */
export function modelSettings(settings: ProviderSettings, model: string): ModelSettings {
  return Object.hasOwn(settings.models, model) ? (settings.models[model] ?? {}) : {};
}

type OpenLine = Extract<Choice, { kind: "open" }>;

function better(one: OpenLine | undefined, other: OpenLine): OpenLine {
  if (one === undefined || other.waitMs < one.waitMs) return other;
  return other.waitMs === one.waitMs && other.line.calls < one.line.calls ? other : one;
}
