import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { FinishReason, Role } from "@synod/contracts/model";
import {
  type Completion,
  CompletionSchema,
  type CompletionRequest,
  ProviderService,
  StreamCompletionResponseSchema,
} from "@synod/contracts/provider";

/** What a scripted model does when it is asked. */
export interface ScriptedReply {
  /** What it writes. In a stream each piece is a delta. Nothing when unset. */
  readonly text?: string | readonly string[];
  readonly refusal?: string;
  /** STOP when unset. */
  readonly finishReason?: FinishReason;
  readonly toolCalls?: readonly {
    readonly id: string;
    readonly name: string;
    readonly argumentsJson: string;
  }[];
  /** What it does after the text instead of finishing: it fails with an error, or writes no more until it is left. */
  readonly then?: { readonly error: unknown } | "hang";
}

/** What models say: by the model and how often it was asked before. */
export type Script = (question: CompletionRequest, before: number) => ScriptedReply | Promise<ScriptedReply>;

/** One question that reached the scripted provider gateway: one call that is paid for. */
export interface AskedQuestion {
  readonly question: CompletionRequest;
  readonly streamed: boolean;
  readonly header: Headers;
  /** How it stands. `aborted`: the caller left before the end. */
  state: "open" | "finished" | "failed" | "aborted";
}

/** A provider gateway that says what a test tells it to, and remembers what it was asked. */
export interface ScriptedProviders {
  readonly routes: (router: ConnectRouter) => void;
  /** Every question so far, in their order. */
  readonly asked: readonly AskedQuestion[];
}

/** What a scripted answer costs: 10 tokens read, 5 written, 1,000 billionths of a dollar. */
export const scriptedUsage = { inputTokens: 10n, outputTokens: 5n, costUsdNanos: 1_000n } as const;

/** What the scripted provider gateway says that a call costs at most. */
export const scriptedEstimate = {
  inputTokens: 10n,
  outputTokens: 9n,
  costUsdNanos: 1_500n,
  estimated: true,
} as const;

/** Makes a provider gateway of a script. */
export function scriptedProviders(script: Script): ScriptedProviders {
  const asked: AskedQuestion[] = [];

  function open(question: CompletionRequest | undefined, streamed: boolean, context: HandlerContext) {
    if (question === undefined) throw new ConnectError("completion is unset", Code.InvalidArgument);
    const before = asked.filter((other) => other.question.model === question.model).length;
    const entry: AskedQuestion = { question, streamed, header: context.requestHeader, state: "open" };
    asked.push(entry);
    // The signal fires after a normal end too.
    context.signal.addEventListener("abort", () => {
      if (entry.state === "open") entry.state = "aborted";
    });
    return { entry, before, question };
  }

  async function end(entry: AskedQuestion, reply: ScriptedReply, signal: AbortSignal): Promise<void> {
    if (reply.then === "hang") await aborted(signal);
    if (entry.state !== "open") throw new ConnectError("the caller left", Code.Canceled);
    if (typeof reply.then === "object") {
      entry.state = "failed";
      throw reply.then.error;
    }
    entry.state = "finished";
  }

  return {
    asked,
    routes(router) {
      router.service(ProviderService, {
        async complete(request, context) {
          const { entry, before, question } = open(request.completion, false, context);
          const reply = await script(question, before);
          await end(entry, reply, context.signal);
          return { completion: completionOf(question, reply) };
        },
        estimateUsage: ({ calls }) => ({ usages: calls.map(() => scriptedEstimate) }),
        async *streamCompletion(request, context) {
          const { entry, before, question } = open(request.completion, true, context);
          const reply = await script(question, before);
          for (const text of piecesOf(reply)) {
            if (entry.state !== "open") return;
            yield create(StreamCompletionResponseSchema, { event: { case: "delta", value: { text } } });
          }
          await end(entry, reply, context.signal);
          const completion = completionOf(question, reply);
          yield create(StreamCompletionResponseSchema, {
            event: { case: "finished", value: { completion } },
          });
        },
      });
    },
  };
}

function piecesOf({ text = [] }: ScriptedReply): readonly string[] {
  return typeof text === "string" ? [text] : text;
}

function completionOf({ model }: CompletionRequest, reply: ScriptedReply): Completion {
  const text = piecesOf(reply).join("");
  return create(CompletionSchema, {
    message: {
      role: Role.ASSISTANT,
      parts: text === "" ? [] : [{ content: { case: "text", value: text } }],
      refusal: reply.refusal ?? "",
      toolCalls: [...(reply.toolCalls ?? [])],
    },
    finishReason: reply.finishReason ?? FinishReason.STOP,
    usage: scriptedUsage,
    model,
    servedModel: model,
    attempts: 1,
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
