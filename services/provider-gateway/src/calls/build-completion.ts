import { create } from "@bufbuild/protobuf";
import {
  ContentPartSchema,
  FinishReason,
  MessageSchema,
  Role,
  ToolCallSchema,
  type Usage,
} from "@synod/contracts/model";
import { type Completion, CompletionSchema } from "@synod/contracts/provider";
import type { Target } from "../providers/target.js";
import type { AnswerBuilder } from "./answer-builder.js";
import type { Tally } from "./tally.js";

/** A completion whose usage is known or estimated. */
export type WholeCompletion = Completion & { usage: Usage };

/** What a completion holds beside what its upstream said. */
export interface CompletionFrame {
  readonly target: Target;
  /** What was asked for it, fallbacks included; all of it settled. */
  readonly tally: Tally;
  /** On the clock of `performance.now()`; undefined when nothing was written. */
  readonly firstTokenAt: number | undefined;
  /** What the head of the answer said that the caller is told. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The whole answer, once its upstream has finished it. */
export function buildCompletion(builder: AnswerBuilder, frame: CompletionFrame): WholeCompletion {
  const { target, tally } = frame;
  const { text, reasoning, refusal, toolCalls, finish, served } = builder;
  const now = performance.now();
  const completion = create(CompletionSchema, {
    message: create(MessageSchema, {
      role: Role.ASSISTANT,
      parts:
        text.whole === ""
          ? []
          : [create(ContentPartSchema, { content: { case: "text", value: text.whole } })],
      toolCalls: toolCalls.whole().map((call) => create(ToolCallSchema, call)),
      refusal: refusal.whole,
      reasoning: reasoning.whole,
      extraJson: builder.extra.wholeJson(),
    }),
    finishReason: finishReasonOf(builder),
    rawFinishReason: finish?.raw.toWellFormed() ?? "",
    model: target.id,
    servedModel: nameOf(served.model),
    completionId: nameOf(served.completionId),
    systemFingerprint: nameOf(served.fingerprint),
    latencyMs: BigInt(Math.round(now - tally.startedAt)),
    firstTokenMs: BigInt(Math.round((frame.firstTokenAt ?? now) - tally.startedAt)),
    attempts: tally.attempts,
    reasoning: reasoning.whole,
    extraJson: served.extraJson,
    headers: { ...frame.headers },
  });
  return Object.assign(completion, { usage: tally.usage });
}

/** Some servers say `stop` after a tool call. */
function finishReasonOf({ finish, toolCalls }: AnswerBuilder): FinishReason {
  const reason = finish?.reason ?? FinishReason.UNSPECIFIED;
  return toolCalls.any && reason === FinishReason.STOP ? FinishReason.TOOL_CALLS : reason;
}

function nameOf(text: string): string {
  return text.slice(0, 256).toWellFormed();
}
