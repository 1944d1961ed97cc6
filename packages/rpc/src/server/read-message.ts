import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { FailureReason } from "@synod/consensus";
import { SynodError } from "../errors/synod-error.js";
import { toConnectError } from "../errors/to-connect-error.js";
import type { BodyHold } from "./body-budget.js";
import { findJsonExcess } from "./json-excess.js";
import type { MessageCheck } from "./message-excess.js";
import type { NodeRequest } from "./node-handler.js";

/** What a message is read with. */
export interface MessageReading {
  readonly input: DescMessage;
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
 * Reads the body of a call that has one message, whole, before anything else is done for the call.
 *
 * @throws ConnectError `request_too_large`, as soon as that is known; `deadline_exceeded` when it comes too slowly;
 * `overloaded` when there is no room for it; `invalid_value` when it is small and yet too much, or cannot be read;
 * `canceled` when its sender leaves.
 */
export async function readMessage(request: NodeRequest, reading: MessageReading): Promise<Uint8Array> {
  const body = await readBody(request, reading);
  const mistake =
    reading.check === undefined
      ? null
      : findMistake(body, contentType(request), reading.input, reading.check);
  if (mistake !== null) throw failure("invalid_value", mistake);
  return body;
}

function readBody(request: NodeRequest, { maxBytes, timeoutMs, hold }: MessageReading): Promise<Uint8Array> {
  const most = maxBytes + envelopeBytes;
  const tooLarge = () => failure("request_too_large", `the message is larger than ${maxBytes} bytes`);
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > most) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => stop(failure("deadline_exceeded", "the request came too slowly")),
      timeoutMs,
    );
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > most) return stop(tooLarge());
      try {
        hold.add(chunk.length);
      } catch (error) {
        return stop(toConnectError(error));
      }
      chunks.push(chunk);
    };
    const end = (): void => {
      release();
      resolve(chunks.length === 1 ? (chunks[0] ?? new Uint8Array()) : Buffer.concat(chunks, size));
    };
    const left = (): void => stop(failure("canceled", "the request was not sent to its end"));
    function stop(error: ConnectError): void {
      release();
      chunks.length = 0;
      request.pause();
      reject(error);
    }
    function release(): void {
      clearTimeout(timer);
      request.off("data", take).off("end", end).off("error", left).off("close", left);
    }
    request.on("data", take).on("end", end).on("error", left).on("close", left);
  });
}

const contentType = ({ headers }: NodeRequest): string =>
  (headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";

/** What is wrong with a message that its decoder would not see, or would blame on this server. */
function findMistake(body: Uint8Array, type: string, input: DescMessage, check: MessageCheck): string | null {
  const isBare = /^application\/(json|proto)$/i.test(type);
  if (!isBare && body[0] !== undefined && body[0] !== 0)
    return "the message has flags that mean nothing here";
  const message = isBare ? body : messageIn(body);
  if (message === undefined) return null;
  const isJson = /json$/i.test(type);
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

function failure(reason: FailureReason, message: string): ConnectError {
  return toConnectError(new SynodError({ reason, message }));
}
