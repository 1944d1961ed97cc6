import type { RunEvent } from "@synod/consensus";

/** Whether the answer of a run is cut: whoever wrote it, the aggregator or a member, reached its limit of tokens. */
export function isCut(events: readonly RunEvent[], answer: string): boolean {
  const last = events.findLast((event) => event.type === "aggregated" && event.outcome.text === answer);
  if (last?.type !== "aggregated") return false;
  const called = events.findLast(
    (event) => event.type === "aggregator_called" && event.round === last.round && event.failure === null,
  );
  if (!last.aggregatorSkipped && called?.type === "aggregator_called") return called.truncated === true;
  // Where several wrote the same text and only some were cut, the text is whole.
  const writers = events.flatMap((event) =>
    event.type === "member_answered" && event.round === last.round && event.completion.text === answer
      ? [event.completion]
      : [],
  );
  return writers.length > 0 && writers.every(({ finishReason }) => finishReason === "length");
}
