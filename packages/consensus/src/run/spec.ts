import type { AnswerFormat } from "../answers/format.js";
import type { StrategyName } from "../strategies/strategy.js";
import type { Message } from "./conversation.js";
import type { ResponseFormat, Sampling } from "./sampling.js";

/** One seat of the panel. */
export interface MemberSpec {
  /** The model's id with its provider's prefix. */
  readonly model: string;
  readonly sampling: Sampling;
  /** What its vote weighs, above 0. */
  readonly weight: number;
  /** The probability that it is right, 0 to 1, when known. */
  readonly accuracy?: number;
  /** How often it is asked, 1 to 10. */
  readonly samples: number;
  /** Models to ask when it fails before its first token, in order. */
  readonly fallbacks: readonly string[];
  /** Who made the model. */
  readonly family: string;
}

/** How answers become one. */
export interface AggregationSpec {
  readonly strategy: StrategyName;
  /** The model that aggregates. Unused by strategies that need none. */
  readonly model: string;
  readonly sampling: Sampling;
  /** Messages before the answers. With `prompt` empty too, the shipped prompt is used. */
  readonly context: readonly Message[];
  /** Messages after the answers. */
  readonly prompt: readonly Message[];
  /** `disagree`: no model is asked when all answer keys agree. */
  readonly when: "always" | "disagree";
  /** How many layers of answers `layered` has, the panel's own included, 1 to 6. Unset for other strategies. */
  readonly layers?: number;
}

/** How the answer is judged. */
export interface JudgeSpec {
  readonly mode: "off" | "annotate" | "gate";
  readonly models: readonly string[];
  /** `right` votes needed to accept, 1 to the number of judges. */
  readonly votesNeeded: number;
  /** 0 to 5. */
  readonly maxRegenerations: number;
  /** A regeneration is one more round, its aggregation and its verdict; or the last two only. */
  readonly regenerate: "round" | "aggregate";
  /** What happens when no verdict is reached. */
  readonly whenDown: "answer" | "fail";
}

/** The settings of one run, every default filled in. The first event of a run holds it. */
export interface RunSpec {
  readonly preset: string;
  /** 1 to 16 seats. */
  readonly members: readonly MemberSpec[];
  /** Usable answers that a round needs, 1 to the number of voters. */
  readonly quorum: number;
  /** Milliseconds to wait for the others once the quorum is in. */
  readonly graceMs: number;
  /** Milliseconds for the whole run. */
  readonly deadlineMs: number;
  /** Whether a round may stop before all have answered: when nothing can change the winner, or when that is right enough. */
  readonly stopEarly: "off" | "lossless" | "confident";
  /** The probability that `confident` needs, 0.5 to 1. */
  readonly stopConfidence: number;
  /** How many members a round asks first, 1 to all of them: the others only if these do not agree. */
  readonly askFirst: number;
  /**
   * After how many milliseconds a member's first fallback is asked too; `p95`: when the member takes longer than 95 % of
   * its last answers; null: never.
   */
  readonly hedgeAfterMs: number | "p95" | null;
  readonly answerFormat: AnswerFormat;
  readonly rounds: {
    /** 1 to 6, the first round included. */
    readonly max: number;
    readonly stopWhen: "stable" | "never";
  };
  readonly improvementPrompt: string;
  readonly aggregatedPromptType: "system" | "user" | "assistant";
  readonly aggregation: AggregationSpec;
  readonly judge: JudgeSpec;
  readonly budget: {
    /** Billionths of a US dollar. */
    readonly maxCostUsdNanos?: number;
    readonly maxOutputTokens?: number;
  };
  /** Shuffles labels, 0 to 2^32 - 1. */
  readonly seed: number;
  /** Whether a member is simulated. */
  readonly simulated: boolean;
  /** The models that may be asked and are simulated: they cost nothing. None when unset. */
  readonly simulatedModels?: readonly string[];
  /** The shape that the request wants the answer to have: every member is asked for it. Free text when unset. */
  readonly responseFormat?: ResponseFormat;
  /** The request's `tools` and what goes with it, a JSON object as text, with which every member is asked. None when unset. */
  readonly toolsJson?: string;
}
