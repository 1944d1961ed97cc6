import { createParser } from "eventsource-parser";
import type { UpstreamResponse } from "./exchange.js";
import { UpstreamIoError } from "./io-error.js";
import { Utf8Reader } from "./utf8.js";

/** The largest line, event or document in UTF-16 units, unless a reader says otherwise: 4 Mi. */
export const defaultMaxLineLength = 4 * 1024 * 1024;

/** The body of a response, told apart by how it begins and not by what its head promises. */
export type UpstreamBody =
  | {
      /** Server-sent events. */
      readonly kind: "events";
      /**
       * The data of all events that have arrived since the last time; waits when there are none, null at the end. An
       * event that its stream ends without closing counts.
       *
       * @throws UpstreamIoError
       */
      readonly read: () => Promise<readonly string[] | null>;
    }
  | {
      /** One JSON or HTML document. */
      readonly kind: "document";
      readonly text: string;
    };

const isDocument = /^[{["<]/;

const tooLarge = (what: string): UpstreamIoError =>
  new UpstreamIoError("too_large", `the upstream's ${what} is too large`, { sent: true });

/**
 * Reads a body until its kind is known: a document as a whole, events as they come.
 *
 * @param options.maxLineLength the largest line, event or document in UTF-16 units.
 * @throws UpstreamIoError
 */
export async function openBody(
  response: UpstreamResponse,
  options: { readonly maxLineLength?: number } = {},
): Promise<UpstreamBody> {
  const maxLineLength = options.maxLineLength ?? defaultMaxLineLength;
  const utf8 = new Utf8Reader();
  let start = "";
  for (;;) {
    const chunks = await response.read();
    if (chunks === null) return { kind: "document", text: start + utf8.end() };
    const pieces = chunks.map((chunk) => utf8.read(chunk));
    const text = start + pieces.join("");
    // Blanks in front of a document are a provider's sign of life.
    const meaningful = text.trimStart();
    if (meaningful === "") {
      start = "";
      continue;
    }
    if (!isDocument.test(meaningful)) return eventsBody(response, utf8, pieces, maxLineLength);
    response.firstToken();
    return { kind: "document", text: await restOf(response, utf8, meaningful, maxLineLength) };
  }
}

/** How much of a body is read. */
export interface StartOptions {
  /** In UTF-16 units. */
  readonly maxLength: number;
  /** In milliseconds. */
  readonly withinMs: number;
}

/**
 * Reads the beginning of a body and leaves the rest: for bodies of errors, whose head says more. What has come is
 * returned when the body breaks off or is late; it is aborted then.
 *
 * @throws UpstreamIoError `aborted` or `closed`.
 */
export async function readStart(
  response: UpstreamResponse,
  { maxLength, withinMs }: StartOptions,
): Promise<string> {
  const utf8 = new Utf8Reader();
  let text = "";
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    response.abort();
  }, withinMs);
  try {
    while (text.length < maxLength) {
      const chunks = await response.read();
      if (chunks === null) break;
      for (const chunk of chunks) text += utf8.read(chunk);
    }
  } catch (error) {
    if (!(error instanceof UpstreamIoError)) throw error;
    if (!isLate && (error.kind === "aborted" || error.kind === "closed")) throw error;
  } finally {
    clearTimeout(timer);
  }
  return (text + utf8.end()).slice(0, maxLength);
}

async function restOf(
  response: UpstreamResponse,
  utf8: Utf8Reader,
  start: string,
  maxLength: number,
): Promise<string> {
  let text = start;
  for (;;) {
    if (text.length > maxLength) throw tooLarge("answer");
    const chunks = await response.read();
    if (chunks === null) return text + utf8.end();
    for (const chunk of chunks) text += utf8.read(chunk);
  }
}

function eventsBody(
  response: UpstreamResponse,
  utf8: Utf8Reader,
  first: readonly string[],
  maxLineLength: number,
): UpstreamBody {
  let events: string[] = [];
  let overflow = false;
  let ended = false;
  const parser = createParser({
    maxBufferSize: maxLineLength,
    onEvent: (event) => {
      events.push(event.data);
    },
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") overflow = true;
    },
  });
  const feed = (text: string): void => {
    if (overflow || text === "") return;
    parser.feed(text);
    if (overflow) throw tooLarge("line");
  };
  for (const text of first) feed(text);
  return {
    kind: "events",
    async read() {
      while (events.length === 0 && !ended) {
        const chunks = await response.read();
        if (chunks === null) {
          ended = true;
          feed(utf8.end());
          feed("\n\n");
        } else for (const chunk of chunks) feed(utf8.read(chunk));
      }
      if (events.length === 0) return null;
      const batch = events;
      events = [];
      return batch;
    },
  };
}
