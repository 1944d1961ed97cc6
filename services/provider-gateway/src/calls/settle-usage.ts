import { create } from "@bufbuild/protobuf";
import { type Usage, UsageSchema } from "@synod/contracts/model";
import type { ModelFacts } from "../models/model-facts.js";
import { costOf, type Price } from "../models/price.js";
import type { ReportedUsage, TokenCounts } from "../providers/codec.js";
import type { Target } from "../providers/target.js";
import { bytesPerToken, type CallSize } from "./call-size.js";

/** What an answer's usage is made of. */
export interface UsageBasis {
  /** What the provider said; undefined when it said nothing. */
  readonly reported: ReportedUsage | undefined;
  /** What the model costs, as far as it is known without asking. */
  readonly price: Price | null;
  /** Whether the model is simulated: then it is free. */
  readonly simulated: boolean;
  /** The bytes that were sent. */
  readonly sentBytes: number;
  /** The bytes that were written, reasoning and tool calls included. */
  readonly writtenBytes: number;
  /** What is charged for writing when a call is cut, in tokens; undefined where only what was written is. */
  readonly outputTokensWhenCut: number | undefined;
}

/** What a call was, for settling it. */
export interface CallRecord {
  readonly reported: ReportedUsage | undefined;
  readonly size: CallSize;
  readonly writtenBytes: number;
}

/** What a call to this target is settled by. */
export function basisOf(target: Target, call: CallRecord, facts: ModelFacts): UsageBasis {
  const { codec, simulated } = target.provider;
  const { sentBytes, maxOutputTokens } = call.size;
  return {
    reported: call.reported,
    price: facts.priceOf(target),
    simulated,
    sentBytes,
    writtenBytes: call.writtenBytes,
    outputTokensWhenCut: codec.billsUntilLeft
      ? undefined
      : (maxOutputTokens ?? facts.maxOutputTokensOf(target)),
  };
}

/**
 * The usage of an answer: the provider's figures, else an estimate of four bytes a token. The cost is the provider's,
 * else counted by the price, else unset.
 */
export function settleUsage(basis: UsageBasis): Usage {
  const { reported, price } = basis;
  const tokens = tokensOf(basis);
  const cost = basis.simulated
    ? 0
    : (reported?.costUsdNanos ?? (price === null ? null : costOf(price, tokens)));
  return create(UsageSchema, {
    inputTokens: BigInt(tokens.input),
    outputTokens: BigInt(tokens.output),
    cachedInputTokens: BigInt(tokens.cachedInput),
    reasoningTokens: BigInt(tokens.reasoning),
    ...(cost !== null && { costUsdNanos: BigInt(cost) }),
    estimated: tokens !== reported?.tokens || reported.doubtful,
  });
}

/**
 * The usage of an answer that was cut. Some providers go on writing, and charge for it: then the most that it can be is
 * assumed.
 */
export function settleCut(basis: UsageBasis): Usage {
  const { outputTokensWhenCut = 0 } = basis;
  const writtenBytes = Math.max(basis.writtenBytes, outputTokensWhenCut * bytesPerToken);
  return settleUsage({ ...basis, writtenBytes });
}

function tokensOf(basis: UsageBasis): TokenCounts {
  const tokens = basis.reported?.tokens;
  if (tokens === undefined || tokens === null) return estimate(basis);
  // An answer from a provider's cache may count nothing; then it costs nothing either.
  const free = basis.reported?.costUsdNanos === 0;
  const silent = tokens.output === 0 && basis.writtenBytes > 0 && !free;
  return silent ? { ...tokens, output: estimate(basis).output } : tokens;
}

function estimate({ sentBytes, writtenBytes }: UsageBasis): TokenCounts {
  return {
    input: Math.ceil(sentBytes / bytesPerToken),
    output: Math.ceil(writtenBytes / bytesPerToken),
    cachedInput: 0,
    reasoning: 0,
  };
}
