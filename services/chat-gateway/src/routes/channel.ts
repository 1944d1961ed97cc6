/** Hands messages from those who send to one who reads. */
export interface Channel<T> {
  /** Sends a message. The promise resolves when it was read, or nobody reads any more. */
  send(message: T): Promise<void>;
  /** Ends what is read, once everything sent was read. */
  close(): void;
  /** What was sent, in order, until the channel is closed or the signal fires. To be read once. */
  messages(): AsyncGenerator<T, void, undefined>;
}

interface Sent<T> {
  readonly message: T;
  readonly wasRead: () => void;
}

/**
 * Makes a channel.
 *
 * @param signal Fires when nobody reads any more: whoever waits goes on, and what is sent later is dropped.
 */
export function createChannel<T>(signal: AbortSignal): Channel<T> {
  const waiting: Sent<T>[] = [];
  let closed = false;
  let wake = (): void => undefined;

  signal.addEventListener("abort", abandon, { once: true });
  if (signal.aborted) abandon();

  function abandon(): void {
    closed = true;
    for (const sent of waiting.splice(0)) sent.wasRead();
    wake();
  }

  return {
    send(message) {
      if (closed) return Promise.resolve();
      return new Promise((wasRead) => {
        waiting.push({ message, wasRead });
        wake();
      });
    },
    close() {
      closed = true;
      wake();
    },
    async *messages() {
      for (;;) {
        const sent = waiting.shift();
        if (sent !== undefined) {
          sent.wasRead();
          yield sent.message;
        } else if (closed) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
