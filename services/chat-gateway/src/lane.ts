import type { MemberDelta } from "@synod/mapping";

/** What of a member's text waits to be sent. */
export interface WaitingText extends MemberDelta {
  /** How many characters (UTF-16 units) before it were left out. */
  readonly skippedChars: number;
}

/** Messages on their way to one reader, in their order. Nobody waits for the reader. */
export interface Lane<T> {
  /** Sends a message. */
  add(message: T): void;
  /** Sends what a member has written, joined with what of it is still waiting. */
  text(delta: MemberDelta): void;
  /** Sends what is waiting without heeding the reader: something else comes now that is worth more. */
  flush(): void;
}

/** How a lane sends. */
export interface LaneOptions<T> {
  /** The promise, if there is one, resolves when there is room for more. It never rejects. */
  readonly send: (message: T) => void | Promise<void>;
  readonly toMessage: (text: WaitingText) => T;
  /** The most characters of members' texts that wait. 262,144 when unset. */
  readonly maxChars?: number;
}

type Waiting<T> = { readonly message: T } | { text: WaitingText };

/**
 * Makes a lane. A reader that is slower than the members gets larger pieces; one that is too slow does not get everything,
 * and the next piece says how much it lacks.
 */
export function createLane<T>({ send, toMessage, maxChars = 262_144 }: LaneOptions<T>): Lane<T> {
  const queue: Waiting<T>[] = [];
  const texts = new Map<string, { text: WaitingText }>();
  let chars = 0;
  let isFull = false;

  function sendNext(): void | Promise<void> {
    const next = queue.shift();
    if (next === undefined) return;
    if ("message" in next) return send(next.message);
    texts.delete(keyOf(next.text));
    chars -= next.text.text.length;
    return send(toMessage(next.text));
  }

  function pump(): void {
    while (!isFull && queue.length > 0) {
      const room = sendNext();
      if (room === undefined) continue;
      isFull = true;
      void room.then(() => {
        isFull = false;
        pump();
      });
    }
  }

  return {
    add(message) {
      queue.push({ message });
      pump();
    },
    text(delta) {
      let waiting = texts.get(keyOf(delta));
      if (waiting === undefined) {
        waiting = { text: { ...delta, text: "", skippedChars: 0 } };
        texts.set(keyOf(delta), waiting);
        queue.push(waiting);
      }
      const before = waiting.text.text.length;
      waiting.text = joined(waiting.text, delta.text, maxChars - chars);
      chars += waiting.text.text.length - before;
      pump();
    },
    flush() {
      while (queue.length > 0) void sendNext();
    },
  };
}

/** Leaves out what is older where there is no room for both, and everything where there is none for the new either. */
function joined(waiting: WaitingText, more: string, room: number): WaitingText {
  const { text, skippedChars } = waiting;
  if (more.length <= room) return { ...waiting, text: text + more };
  const skipped = skippedChars + text.length;
  return more.length <= room + text.length
    ? { ...waiting, text: more, skippedChars: skipped }
    : { ...waiting, text: "", skippedChars: skipped + more.length };
}

const keyOf = ({ round, voter, model }: MemberDelta): string =>
  `${round}/${voter.member}/${voter.sample}/${model}`;
