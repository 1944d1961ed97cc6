import type { AnswerFormat } from "../answers/format.js";
import type { Message, ToolCall } from "../run/conversation.js";
import type { ResponseFormat, Sampling } from "../run/sampling.js";
import type { Statistic } from "../voting/statistic.js";

/** The name of a strategy, the same in settings, JSON and docs. */
export type StrategyName =
  | "concatenate"
  | "majority"
  | "synthesis"
  | "weighted"
  | "fields"
  | "tool_calls"
  | "analysis"
  | "most_consistent"
  | "best_of"
  | "ranked"
  | "layered";

/** Whose answer: the position of the member in the panel from 0, and its sample from 1. */
export interface Voter {
  readonly member: number;
  readonly sample: number;
}

/** One answer of a round. It does not name its model. */
export interface Answer {
  readonly voter: Voter;
  readonly text: string;
  /** What its vote weighs, above 0. */
  readonly weight: number;
  /** Whether the model reached its limit of tokens, so that the text is cut. */
  readonly truncated: boolean;
  /** The probability that the voter is right, 0 to 1, when known. */
  readonly accuracy?: number;
  /** The tools that it calls, where such calls vote, and none for a text. Unset where texts vote. */
  readonly toolCalls?: readonly ToolCall[];
}

/** Everything a strategy reads. */
export interface AggregationInput {
  /** The caller's conversation. */
  readonly conversation: readonly Message[];
  /** The answers, in the order of the panel. Their order never changes the outcome. */
  readonly answers: readonly Answer[];
  readonly answerFormat: AnswerFormat;
  /** Shuffles labels, 0 to 2^32 - 1. The same seed gives the same prompt. */
  readonly seed: number;
  /**
   * Marks where answers begin and end in a prompt: 8 or more letters and digits, made anew each time that a strategy is
   * asked what is next, so that no answer to an earlier prompt can hold it. Nothing else depends on it.
   */
  readonly nonce: string;
  readonly aggregator?: {
    /** How the aggregator writes. */
    readonly sampling: Sampling;
    /** Messages before the answers. With `prompt` empty too, the shipped prompt is used. */
    readonly context: readonly Message[];
    /** Messages after the answers. */
    readonly prompt: readonly Message[];
  };
  /** How each member of the panel writes, in the order of the panel, for strategies that ask members again. */
  readonly members?: readonly { readonly sampling: Sampling }[];
  /**
   * How many layers of answers `layered` has, the panel's own included, 1 or more: with 1 they are synthesised as they
   * are. Default: 2.
   */
  readonly layers?: number;
  /** The shape that the answer must have. Free text when unset. */
  readonly responseFormat?: ResponseFormat;
  /** The tools that members could call: `tools` and what goes with it, a JSON object as text. None when unset. */
  readonly toolsJson?: string;
}

/** One question to a model. */
export interface ModelPrompt {
  readonly messages: readonly Message[];
  /** All that the model is told about how to write. Where JSON is wanted, `responseFormat` is its schema. */
  readonly sampling: Sampling;
  /** The version of the prompt. Example: `synthesis/1`; `preset` when the preset gave its own messages. */
  readonly version: string;
}

/** One question that a strategy wants a model to answer. */
export interface Prompt extends ModelPrompt {
  /** Who is asked: the aggregator, or the member at this position of the panel, from 0. */
  readonly to: "aggregator" | number;
}

/** What came back for a prompt, in the order of the prompts. An empty text is a failure. */
export type Reply =
  | {
      readonly status: "answered";
      readonly text: string;
      /** Whether the model reached its limit of tokens, so that the text is cut. Default: false. */
      readonly truncated?: boolean;
    }
  | { readonly status: "failed"; readonly message: string };

/** How one answer counted. */
export interface Vote {
  readonly voter: Voter;
  /** What was compared. Empty when the answer abstained. */
  readonly answerKey: string;
  /** Whether it had a vote: false for an answer that abstained. */
  readonly counted: boolean;
  readonly weight: number;
}

/** How far the voters agree on one value of a structured answer. */
export interface FieldAgreement {
  /** Where the value stands: a JSON Pointer (RFC 6901). Empty for an answer that is one value. */
  readonly path: string;
  /** The weight of the voters who gave the value by that of all voters, 0 to 1. */
  readonly agreement: number;
  /** How many voters gave this value, or have this entry in their list. A median that nobody gave has 0. */
  readonly support: number;
  /** How many voters there are: those whose answer has a vote, whether they gave a value here or not. */
  readonly voters: number;
}

/** What one answer did for the outcome: what becomes of it without that answer. */
export interface Contribution {
  readonly voter: Voter;
  /** How much higher the agreement is with it, -1 to 1. Null when nothing is left without it. */
  readonly influence: number | null;
  /** Whether another answer wins without it. */
  readonly swings: boolean;
}

/** What a strategy made of the answers. */
export interface Outcome {
  /** Empty when the answer is calls of tools, or when there is nothing to agree on. */
  readonly text: string;
  /** What the text answers: the key of the votes for it, where there are any. Empty where votes mean nothing. */
  readonly answerKey: string;
  /** The weight of the votes for the text by that of all votes that counted, 0 to 1; null where votes mean nothing. */
  readonly agreement: number | null;
  /** One entry for each answer, in the order of the input. */
  readonly votes: readonly Vote[];
  /** The version of the last prompt that was used. Empty without one. */
  readonly promptVersion: string;
  /** Whether the aggregator failed and the fallback chose the answer. */
  readonly aggregatorUnavailable: boolean;
  /** The calls of tools that are the answer. Unset when it is a text. */
  readonly toolCalls?: readonly ToolCall[];
  /** How far the voters agree on each value, in the order of the text. Unset for an answer without structure. */
  readonly fields?: readonly FieldAgreement[];
  /** What each answer did for the outcome, in the order of `votes`. Unset where votes do not decide. */
  readonly contributions?: readonly Contribution[];
  /** Whether two or more answers were level, so that weights or a stable hash decided. False when unset. */
  readonly tieBroken?: boolean;
  /** Why the text does not have the shape that was asked for. Unset when it has, and when none was asked for. */
  readonly formatProblem?: string;
}

/** What a strategy wants next. */
export type Step = { readonly ask: readonly Prompt[] } | { readonly outcome: Outcome };

/**
 * A way to make one answer of many.
 *
 * A pure step function: it is called with the replies so far until it concludes. A vote concludes at once; a synthesis
 * asks once.
 */
export interface Strategy {
  readonly name: StrategyName;
  /** Whether it needs a model. */
  readonly needsModel: boolean;
  /** Whether agreement decides, so that `agreement` is a number. */
  readonly votes: boolean;
  /** The statistic of answer keys that alone decides: stopping early is exact for it, and the default. Unset for none. */
  readonly statistic?: Statistic;
  /**
   * The most models that it asks for so many answers: in each of its steps, one after the other. Empty for one that asks
   * none. So the calls of a run can be foretold, and those that were interrupted counted. `layers`: as in the input.
   */
  calls(answers: number, layers?: number): readonly number[];
  next(input: AggregationInput, replies: readonly Reply[]): Step;
}
