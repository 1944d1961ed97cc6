import { create } from "@bufbuild/protobuf";
import type { Failure } from "@synod/consensus";
import { type AggregateRequest, type OutcomeSchema, Strategy } from "@synod/contracts/aggregation";
import type { ValidateRequest } from "@synod/contracts/judge";
import { FinishReason, type Message, Role, type UsageSchema } from "@synod/contracts/model";
import {
  type CallSize,
  type Completion,
  type CompletionDeltaSchema,
  type CompletionRequest,
  CompletionSchema,
  type GetCreditsResponseSchema,
  type ModelSchema,
  type ProviderSchema,
} from "@synod/contracts/provider";
import type { RunRoundRequest } from "@synod/contracts/round";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@synod/rpc";

/** What somebody who is asked does: it writes its pieces, then it is done, fails, or hangs until it is left. */
export interface Reply {
  readonly pieces?: readonly string[];
  readonly hangs?: boolean;
  /** Thrown after the pieces. */
  readonly error?: Error;
  /** For members: the failure that the round reports. */
  readonly failure?: Failure;
  readonly finishReason?: FinishReason;
  readonly refusal?: string;
  /** For one model: pieces of its stream that are no text, after those that are. */
  readonly deltas?: readonly MessageInitShape<typeof CompletionDeltaSchema>[];
  /** For one model: what the head of its provider's answer said. */
  readonly head?: Readonly<Record<string, string>>;
  /** For one model: what its whole answer says, in place of what it says by itself. */
  readonly whole?: Partial<Omit<Completion, "$typeName" | "$unknown">>;
  /** For an aggregation: what its outcome says, in place of what it says by itself. */
  readonly outcome?: MessageInitShape<typeof OutcomeSchema>;
  /** For judges. */
  readonly verdict?: "right" | "wrong" | "unsure";
  /** Waited for before anything is written. */
  readonly after?: Promise<unknown>;
}

/** Writes these pieces. */
export const says = (...pieces: readonly string[]): Reply => ({ pieces });
/** Never answers. */
export const hangs: Reply = { hangs: true };

/** The models that the providers list. */
export type ScriptedModels = readonly MessageInitShape<typeof ModelSchema>[];

/** What happens when somebody is asked. Each call of a function is an upstream call that is paid for. */
export interface Script {
  readonly member?: (model: string, request: RunRoundRequest) => Reply;
  readonly aggregate?: (request: AggregateRequest, before: number) => Reply;
  readonly judge?: (request: ValidateRequest, before: number) => Reply;
  /** One model, whole or streamed. */
  readonly model?: (request: CompletionRequest) => Reply;
  readonly providers?: () => readonly MessageInitShape<typeof ProviderSchema>[];
  /** What a call may use and cost at most; twice of what it does when unset. */
  readonly estimate?: (call: CallSize) => MessageInitShape<typeof UsageSchema>;
  readonly models?: () => ScriptedModels | Promise<ScriptedModels>;
  /** Who serves a model, as OpenRouter's JSON text. Not paid for. */
  readonly endpoints?: (model: string) => string;
  /** What is left of the credit. Not paid for. */
  readonly balance?: () => MessageInitShape<typeof GetCreditsResponseSchema>["balance"];
  /** Providers that do not list their models. */
  readonly failedProviders?: readonly string[];
}

/** The calls that were paid for, by whom they asked, and how many of them were left before their end. */
export class Ledger {
  readonly rounds: RunRoundRequest[] = [];
  readonly aggregations: AggregateRequest[] = [];
  readonly judgements: ValidateRequest[] = [];
  readonly completions: CompletionRequest[] = [];
  members = 0;
  aborted = 0;

  /** All of them. */
  get paid(): number {
    const aggregators = this.aggregations.filter(asksModel).length;
    const judges = this.judgements.reduce((sum, { models }) => sum + models.length, 0);
    return this.members + aggregators + judges + this.completions.length;
  }
}

/** Whether an aggregation asks a model. */
export function asksModel({ strategy }: AggregateRequest): boolean {
  return strategy === Strategy.SYNTHESIS;
}

/** Plays a reply. Ends early, and notes it, when the caller leaves. */
export async function* play(
  reply: Reply,
  { signal }: HandlerContext,
  ledger: Ledger,
): AsyncGenerator<string> {
  const left = new Promise<"left">((resolve) => {
    if (signal.aborted) resolve("left");
    signal.addEventListener("abort", () => resolve("left"), { once: true });
  });
  if (reply.after !== undefined && (await Promise.race([reply.after, left])) === "left") {
    ledger.aborted += 1;
    throw new Error("the caller left");
  }
  for (const piece of reply.pieces ?? []) {
    yield piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (reply.error !== undefined) throw reply.error;
  if (reply.hangs !== true) return;
  await left;
  ledger.aborted += 1;
  throw new Error("the caller left");
}

/** Plays a reply to its end. */
export async function playWhole(reply: Reply, context: HandlerContext, ledger: Ledger): Promise<string> {
  let text = "";
  for await (const piece of play(reply, context, ledger)) text += piece;
  return text;
}

/** What one call uses and costs. */
export const usage = { inputTokens: 10n, outputTokens: 5n, costUsdNanos: 1_000n } as const;

/** A whole answer of a model. */
export function completionOf(model: string, text: string, reply: Reply): Completion {
  return create(CompletionSchema, {
    message: {
      role: Role.ASSISTANT,
      parts: text === "" ? [] : [{ content: { case: "text", value: text } }],
      refusal: reply.refusal ?? "",
    },
    finishReason: reply.finishReason ?? FinishReason.STOP,
    usage,
    model,
    servedModel: `${model}-served`,
    latencyMs: 12n,
    firstTokenMs: 4n,
    attempts: 1,
    headers: { ...reply.head },
    ...reply.whole,
  });
}

/** The text of a message. */
export function textOf(message: Message | undefined): string {
  return (message?.parts ?? []).map(({ content }) => content.value ?? "").join("");
}
