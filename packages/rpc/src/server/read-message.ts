import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
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
  const mistake = reading.check === undefined ? null : findMistake(whole, reading, reading.check);
  if (mistake !== null) throw failure("invalid_value", mistake);
  yield whole;
}

function count(hold: BodyHold, bytes: number): void {
  try {
    hold.add(bytes);
  } catch (error) {
    throw toConnectError(error);
  }
}

/** What is wrong with a message that its decoder would not see, or would blame on this server. */
function findMistake(
  body: Uint8Array,
  { header, input }: MessageReading,
  check: MessageCheck,
): string | null {
  const [type = ""] = (header.get("content-type") ?? "").split(";");
  const isBare = /^application\/(json|proto)$/i.test(type.trim());
  if (!isBare && body[0] !== undefined && body[0] !== 0)
    return "the message has flags that mean nothing here";
  const message = isBare ? body : messageIn(body);
  if (message === undefined) return null;
  const isJson = /json$/i.test(type.trim());
  const excess = isJson ? findJsonExcess(message) : check(input, message);
  if (excess !== null) return `the message is too much: ${excess}`;
  return isJson ? null : unreadable(input, message);
}

/** The first message in its envelope. Undefined when it is not whole, which the decoder says. */
function messageIn(body: Uint8Array): Uint8Array | undefined {
  if (body.length < envelopeBytes) return undefined;
  const length = new DataView(body.buffer, body.byteOffset).getUint32(1);
  const message = body.subarray(envelopeBytes, envelopeBytes + length);
  return message.length === length ? message : undefined;
}

function unreadable(input: DescMessage, message: Uint8Array): string | null {
  try {
    fromBinary(input, message);
    return null;
  } catch (error) {
    return `the message cannot be read: ${error instanceof Error ? error.message : "it is malformed"}`;
  }
}

const tooLarge = (maxBytes: number) =>
  failure("request_too_large", `the message is larger than ${maxBytes} bytes`);
const tooSlow = () => failure("deadline_exceeded", "the request came too slowly");

function failure(reason: FailureReason, message: string): ConnectError {
  return toConnectError(new SynodError({ reason, message }));
}
