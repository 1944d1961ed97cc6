import type { UpstreamResponse } from "../exchange.js";

/** A response whose body comes in the given pieces, one per read. */
export function cannedResponse(pieces: readonly Buffer[]): UpstreamResponse {
  const left = [...pieces];
  return {
    status: 200,
    header: () => undefined,
    read: async () => {
      const next = left.shift();
      return next === undefined ? null : [next];
    },
    firstToken: () => {},
    expectEnd: () => {},
    finish: () => {},
    abort: () => {},
  };
}

/** `bytes` in two pieces, at every place where they can be split. */
export function* splits(bytes: Buffer): Generator<readonly Buffer[]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}
