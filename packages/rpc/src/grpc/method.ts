import {
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { createMethodUrl } from "../connect-internals.js";

/** A method as grpc-js wants it. */
export interface GrpcMethod<I extends DescMessage, O extends DescMessage> {
  readonly path: string;
  readonly serialize: (message: MessageShape<I>) => Buffer;
  readonly deserialize: (bytes: Buffer) => MessageShape<O>;
  /** Whether it may be called again after it failed. */
  readonly repeatable: boolean;
}

/** Whether a method says that calling it again has no further effect. */
export function isRepeatable(method: DescMethod): boolean {
  return method.idempotency !== Idempotency.IDEMPOTENCY_UNKNOWN;
}

/** The calls that are going on. */
export type OpenCalls = Set<{ cancel(): void }>;

/** Makes it of a descriptor. */
export function grpcMethod<I extends DescMessage, O extends DescMessage>(
  desc: DescMethod & { readonly input: I; readonly output: O },
): GrpcMethod<I, O> {
  return {
    path: createMethodUrl("/", desc),
    serialize(message) {
      const bytes = toBinary(desc.input, message);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    deserialize: (bytes) => fromBinary(desc.output, bytes),
    repeatable: isRepeatable(desc),
  };
}
