import { create, type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { ConnectError } from "@connectrpc/connect";
import type { Failure } from "@synod/consensus";
import { type SpentUsage, SpentUsageSchema } from "@synod/contracts/provider";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "@synod/contracts/rpc-details";
import { reasonToInfo } from "./reasons.js";
import type { SynodError } from "./synod-error.js";
import { errorText } from "./text.js";

/** The domain of every `google.rpc.ErrorInfo` of Synod. */
export const errorDomain = "synod";
/** The key in `ErrorInfo.metadata` that says whether the same request can succeed later. */
export const retryableKey = "retryable";
/** The key there that says that something of an answer was thrown away and is paid for. It is absent otherwise. */
export const paidPartialKey = "paid_partial";

/** The most bytes of details that an error carries. Longer ones do not fit into the headers of HTTP/2: calls hang on them. */
const maxDetailBytes = 8_192;

/** A detail as it travels. */
export interface EncodedDetail {
  readonly type: string;
  readonly value: Uint8Array;
}

/** The details that every error of Synod has: `ErrorInfo`, and `RetryInfo` when the wait is known. */
export function failureDetails(
  failure: Failure,
  metadata: Readonly<Record<string, string>> = {},
): EncodedDetail[] {
  const info = create(ErrorInfoSchema, {
    reason: reasonToInfo(failure.reason),
    domain: errorDomain,
    metadata: {
      ...metadata,
      [retryableKey]: String(failure.retryable),
      ...(failure.paidPartial === true && { [paidPartialKey]: "true" }),
    },
  });
  const details = [encode(ErrorInfoSchema, info)];
  if (failure.retryAfterMs !== undefined) {
    const retry = create(RetryInfoSchema, { retryDelay: durationFromMs(failure.retryAfterMs) });
    details.push(encode(RetryInfoSchema, retry));
  }
  return details;
}

/** The details of a `SynodError`. */
export function synodErrorDetails(error: SynodError): EncodedDetail[] {
  const details = failureDetails(error.failure, error.metadata);
  if (error.spent !== undefined) details.push(spentDetail(error.spent));
  if (error.fieldViolations.length > 0) {
    const fieldViolations = error.fieldViolations.map(({ field, description }) => ({
      field,
      description: errorText(description),
    }));
    details.push(encode(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
  }
  return details;
}

/** What was spent, as a detail. */
export function spentDetail(spent: SpentUsage): EncodedDetail {
  return encode(SpentUsageSchema, spent);
}

/** The details of an error, encoded. */
export function encodeDetails(error: ConnectError): EncodedDetail[] {
  return error.details.map((detail) =>
    "desc" in detail
      ? encode(detail.desc, create(detail.desc, detail.value))
      : { type: detail.type, value: detail.value },
  );
}

/** Keeps the first details that fit into `maxDetailBytes` together. */
export function capDetails(details: readonly EncodedDetail[]): EncodedDetail[] {
  let left = maxDetailBytes;
  return details.filter((detail) => {
    const size = detail.type.length + detail.value.byteLength;
    if (size > left) return false;
    left -= size;
    return true;
  });
}

function encode<D extends DescMessage>(desc: D, message: MessageShape<D>): EncodedDetail {
  return { type: desc.typeName, value: toBinary(desc, message) };
}
