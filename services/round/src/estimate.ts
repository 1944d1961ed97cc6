import type { Client } from "@connectrpc/connect";
import type { Usage } from "@synod/contracts/model";
import type { CompletionRequest, ProviderService } from "@synod/contracts/provider";
import { type CallContext, failureOf } from "@synod/rpc";
import type { Logger } from "@synod/telemetry";
import type { Seat } from "./panel.js";

/** What estimating needs. */
export interface EstimateDeps {
  readonly providers: Client<typeof ProviderService>;
  readonly logger: Logger;
}

/** What an answer that nobody waits for any more costs at most; undefined when that is not known. */
export type CostOf = (seat: Seat) => Usage | undefined;

/**
 * Asks what the answers of a round may cost, while they are being written: once one is cancelled, nobody says any more
 * what it cost. Nothing waits for it.
 */
export function estimateSeats(
  { providers, logger }: EstimateDeps,
  seats: readonly Seat[],
  call: CallContext,
): CostOf {
  const known = new Map<Seat, Usage>();
  const calls = seats.map(({ question }) => ({
    model: question.model,
    inputBytes: BigInt(textBytesOf(question)),
    ...(question.sampling?.maxOutputTokens !== undefined && {
      maxOutputTokens: question.sampling.maxOutputTokens,
    }),
  }));
  providers.estimateUsage({ calls }, call.outgoing()).then(
    ({ usages }) => {
      for (const [place, seat] of seats.entries()) {
        const usage = usages[place];
        if (usage !== undefined) known.set(seat, usage);
      }
    },
    (error: unknown) => logger.debug({ reason: failureOf(error).reason }, "no estimate of a round's cost"),
  );
  return (seat) => known.get(seat);
}

function textBytesOf({ messages }: CompletionRequest): number {
  let bytes = 0;
  for (const { parts } of messages) {
    for (const { content } of parts) if (content.case === "text") bytes += Buffer.byteLength(content.value);
  }
  return bytes;
}
