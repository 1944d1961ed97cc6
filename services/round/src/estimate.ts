import type { Client } from "@connectrpc/connect";
import type { Usage } from "@synod/contracts/model";
import type { CompletionRequest, ProviderService } from "@synod/contracts/provider";
import { type CallContext, failureOf } from "@synod/rpc";
import type { Logger } from "@synod/telemetry";

/** What estimating needs. */
export interface EstimateDeps {
  readonly providers: Client<typeof ProviderService>;
  readonly logger: Logger;
}

/** What a call that nobody waits for any more costs at most; undefined when that is not known. */
export type CostOf = (question: CompletionRequest) => Usage | undefined;

/**
 * Asks what the answers of a round may cost, while they are being written: once one is cancelled, nobody says any more
 * what it cost. Nothing waits for it.
 */
export function estimateCalls(
  { providers, logger }: EstimateDeps,
  questions: readonly CompletionRequest[],
  call: CallContext,
): CostOf {
  const known = new Map<string, Usage>();
  const calls = questions.map((question) => ({
    model: question.model,
    inputBytes: BigInt(textBytesOf(question)),
    ...(question.sampling?.maxOutputTokens !== undefined && {
      maxOutputTokens: question.sampling.maxOutputTokens,
    }),
  }));
  providers.estimateUsage({ calls }, call.outgoing()).then(
    ({ usages }) => {
      for (const [place, question] of questions.entries()) {
        const usage = usages[place];
        if (usage !== undefined) known.set(keyOf(question), usage);
      }
    },
    (error: unknown) => logger.debug({ reason: failureOf(error).reason }, "no estimate of a round's cost"),
  );
  return (question) => known.get(keyOf(question));
}

/** All questions of a round have the same messages. */
function keyOf({ model, sampling }: CompletionRequest): string {
  return `${sampling?.maxOutputTokens ?? ""} ${model}`;
}

function textBytesOf({ messages }: CompletionRequest): number {
  let bytes = 0;
  for (const { parts } of messages) {
    for (const { content } of parts) if (content.case === "text") bytes += Buffer.byteLength(content.value);
  }
  return bytes;
}
