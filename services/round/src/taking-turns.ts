import type { Message } from "@synod/contracts/model";

/** How large a conversation is that is sent once in a turn of the event loop: encoding it takes a few milliseconds. */
const largeSize = 50_000;
/** What a part counts beside its characters. */
const partSize = 64;

/**
 * Who waits before a question goes out: nobody, unless the conversation is large. Then its questions go out a turn of the
 * event loop apart, since a panel asks many at once, and everybody else would wait until the last of them is encoded.
 */
export function takingTurns(messages: readonly Message[]): (() => Promise<void>) | undefined {
  if (sizeOf(messages) < largeSize) return undefined;
  let last = Promise.resolve();
  return () => {
    const turn = last;
    last = turn.then(() => new Promise((resolve) => setImmediate(resolve)));
    return turn;
  };
}

function sizeOf(messages: readonly Message[]): number {
  let size = 0;
  for (const { parts } of messages) {
    for (const { content } of parts) size += partSize + (content.value?.length ?? 0);
  }
  return size;
}
