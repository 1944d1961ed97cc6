import type { DescMessage } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { FailureReason } from "@synod/consensus";
import { SynodError } from "../errors/synod-error.js";
import { toConnectError } from "../errors/to-connect-error.js";
import type { BodyHold } from "./body-budget.js";
import { findJsonExcess } from "./json-excess.js";
import type { MessageCheck } from "./message-excess.js";

/** What a message is read with. */
export interface MessageReading {
  readonly input: DescMessage;
  /** The header of its request. */
  readonly header: Headers;
  /** The largest message, in bytes. */
  readonly maxBytes: number;
  /** How long it may take to arrive, in milliseconds. */
  readonly timeoutMs: number;
  /** What its bytes are counted for. */
  readonly hold: BodyHold;
  /** Looks at encoded messages. Unset where callers are trusted to send no monsters. */
  readonly check: MessageCheck | undefined;
}

/** The head of a message wherever messages may follow each other: a byte of flags, and the length. */
const envelopeBytes = 5;

/**
 * Reads the body of a call that has one message, whole, before anything of it is decoded, and gives it in one piece.
 *
 * @throws ConnectError `request_too_large`, as soon as that is known; `deadline_exceeded` when it comes too slowly;
 * `overloaded` when there is no room for it; `invalid_value` when it is small and yet too much.
 */
export async function* readMessage(
  body: AsyncIterable<Uint8Array>,
  reading: MessageReading,
): AsyncGenerator<Uint8Array> {
  const { maxBytes, timeoutMs, hold } = reading;
  const most = maxBytes + envelopeBytes;
  if (Number(reading.header.get("content-length") ?? 0) > most) throw tooLarge(maxBytes);
  let late: (error: ConnectError) => void = () => undefined;
  const tooLate = new Promise<never>((_, reject) => (late = reject));
  const timer = setTimeout(() => late(tooSlow()), timeoutMs);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([reader.next(), tooLate]);
      if (next.done === true) break;
      size += next.value.length;
      if (size > most) throw tooLarge(maxBytes);
      count(hold, next.value.length);
      chunks.push(next.value);
    }
  } finally {
    clearTimeout(timer);
  }
  const whole = chunks.length === 1 ? (chunks[0] ?? new Uint8Array()) : Buffer.concat(chunks, size);
  const excess = reading.check === undefined ? null : findExcess(whole, reading, reading.check);
  if (excess !== null) throw failure("invalid_value", `too much: ${excess}`);
  yield whole;
}

function count(hold: BodyHold, bytes: number): void {
  try {
    hold.add(bytes);
  } catch (error) {
    throw toConnectError(error);
  }
}

function findExcess(body: Uint8Array, { header, input }: MessageReading, check: MessageCheck): string | null {
  const [type = ""] = (header.get("content-type") ?? "").split(";");
  const isBare = /^application\/(json|proto)$/i.test(type.trim());
  const message = isBare ? body : body.subarray(envelopeBytes);
  return /json$/i.test(type.trim()) ? findJsonExcess(message) : check(input, message);
}

const tooLarge = (maxBytes: number) =>
  failure("request_too_large", `the message is larger than ${maxBytes} bytes`);
const tooSlow = () => failure("deadline_exceeded", "the request came too slowly");

function failure(reason: FailureReason, message: string): ConnectError {
  return toConnectError(new SynodError({ reason, message }));
}
