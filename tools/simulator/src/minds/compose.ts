import { benchTokens } from "../models/bench.js";
import type { BenchModel } from "../models/bench.js";
import type { ModelProfile } from "../models/profile.js";
import { logNormal } from "../random/hash.js";
import type { Draft, Pace } from "../wire/draft.js";
import type { CompletionRequest } from "../wire/request.js";
import type { Said } from "./mind.js";
import { promptTokens, splitTokens } from "../wire/tokens.js";

/** How time passes: as the models' data say, divided by `speed`; at once; or the same for all models. */
export type Latency =
  | "real"
  | "off"
  | {
      /** Milliseconds to the first token. */
      readonly medianMs: number;
      /** Standard deviation of the logarithm, 0 or more. */
      readonly sigma: number;
      /** Default: all tokens at once after the first. */
      readonly tokensPerSecond?: number;
    };

/** A text as a model sends it: cut at a `stop` text and at the limit of tokens. */
export function cutText(
  text: string,
  request: CompletionRequest,
): { tokens: string[]; finishReason: string } {
  const ends = request.stop.flatMap((stop) => (stop !== "" && text.includes(stop) ? text.indexOf(stop) : []));
  const tokens = splitTokens(text.slice(0, Math.min(text.length, ...ends)));
  const { maxTokens } = request;
  if (maxTokens === undefined || tokens.length <= maxTokens) return { tokens, finishReason: "stop" };
  return { tokens: tokens.slice(0, maxTokens), finishReason: "length" };
}

/** What of a reply its wire has to send. */
export type Content = Pick<Draft, "tokens" | "refusal" | "toolCalls" | "finishReason"> & {
  /** How many tokens were written. */
  readonly written: number;
};

/** What a model says, as it is sent: cut at a `stop` text and at the limit of tokens. */
export function contentOf(said: Said, request: CompletionRequest): Content {
  if ("text" in said) {
    const { tokens, finishReason } = cutText(said.text, request);
    return { tokens, refusal: null, toolCalls: [], finishReason, written: tokens.length };
  }
  if ("refusal" in said) {
    const written = splitTokens(said.refusal).length;
    return { tokens: null, refusal: said.refusal, toolCalls: [], finishReason: "stop", written };
  }
  const { maxTokens = Infinity } = request;
  let written = 0;
  const toolCalls = said.toolCalls.map((call) => {
    const tokens = splitTokens(call.arguments).slice(0, Math.max(0, maxTokens - written));
    written += tokens.length;
    return { ...call, arguments: tokens.join("") };
  });
  const isCut = toolCalls.some((call, at) => call.arguments !== said.toolCalls[at]?.arguments);
  return { tokens: null, refusal: null, toolCalls, finishReason: isCut ? "length" : "tool_calls", written };
}

/** When the tokens of one call come. `call` is its number, so that no two calls take the same time. */
export function paceOf(
  profile: ModelProfile,
  bench: BenchModel | undefined,
  options: {
    readonly latency: Latency;
    readonly speed: number;
    readonly seed: number;
    readonly call: number;
  },
): Pace {
  const { latency, speed, seed, call } = options;
  if (bench !== undefined) {
    const perTokenMs = bench.perSecond === undefined ? 0 : 1000 / bench.perSecond;
    return { firstTokenMs: bench.afterMs, perTokenMs };
  }
  if (latency === "off") return { firstTokenMs: 0, perTokenMs: 0 };
  if (latency === "real") {
    const { medianMs, sigma } = profile.latency;
    const firstTokenMs = logNormal(medianMs, sigma, seed, "latency", profile.id, call) / speed;
    return { firstTokenMs, perTokenMs: 1000 / (profile.tokensPerSecond * speed) };
  }
  const { medianMs, sigma, tokensPerSecond } = latency;
  return {
    firstTokenMs: logNormal(medianMs, sigma, seed, "latency", profile.id, call) / speed,
    perTokenMs: tokensPerSecond === undefined ? 0 : 1000 / (tokensPerSecond * speed),
  };
}

/** A reply before it gets a provider's shape. */
export function composeDraft(options: {
  readonly id: string;
  readonly created: number;
  readonly request: CompletionRequest;
  /** The model that the client asked for; `request.model` is the one that answers. */
  readonly requestedModel: string;
  readonly profile: ModelProfile;
  readonly content: Content;
  readonly pace: Pace;
  readonly metadata: boolean;
}): Draft {
  const { id, created, request, requestedModel, profile, content, pace, metadata } = options;
  const { tokens, refusal, toolCalls, finishReason, written } = content;
  const prompt = promptTokens(request.messages);
  return {
    id,
    created,
    requestedModel,
    model: request.model,
    tokens,
    reasoning: [],
    refusal,
    toolCalls,
    finishReason,
    choices: "one",
    usage: {
      promptTokens: prompt,
      completionTokens: written,
      cachedTokens: 0,
      promptCost: prompt * Number(profile.price.prompt),
      completionCost: written * Number(profile.price.completion),
      queueTime: pace.firstTokenMs / 4000,
      promptTime: (3 * pace.firstTokenMs) / 4000,
      completionTime: (written * pace.perTokenMs) / 1000,
      replaced: {},
    },
    usagePlace: "usual",
    seed: request.seed ?? created,
    metadata,
    headers: {},
  };
}

/** The tokens of a bench model. */
export function benchReply(bench: BenchModel): Content {
  const tokens = benchTokens(bench.tokens);
  return { tokens, refusal: null, toolCalls: [], finishReason: "stop", written: tokens.length };
}
