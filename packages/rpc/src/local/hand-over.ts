import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { SynodError } from "../errors/synod-error.js";
import { approximateSize } from "./approximate-size.js";

/** Hands a message from one side of a local call to the other. */
export type HandOver = <D extends DescMessage>(desc: D, message: MessageInitShape<D>) => MessageShape<D>;

/** Hands over the message itself. Its size is estimated. */
export function handOverAsIs(maxBytes: number): HandOver {
  return (desc, init) => {
    const message = create(desc, init);
    if (approximateSize(message, maxBytes) > maxBytes) throw tooLarge(maxBytes);
    return message;
  };
}

/** Hands over a copy that was encoded and decoded, as a wire does: wrong types fail, and neither side can change the other's. */
export function handOverEncoded(maxBytes: number): HandOver {
  return (desc, init) => {
    const bytes = encode(desc, create(desc, init));
    if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
    return fromBinary(desc, bytes);
  };
}

function encode<D extends DescMessage>(desc: D, message: MessageShape<D>): Uint8Array {
  try {
    return toBinary(desc, message);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError(`serialize binary: ${text}`, Code.Internal, undefined, undefined, cause);
  }
}

function tooLarge(maxBytes: number): SynodError {
  return new SynodError({
    reason: "request_too_large",
    message: `a message is larger than the limit of ${maxBytes} bytes`,
  });
}
