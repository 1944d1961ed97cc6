import { constants } from "node:http2";
import type { universalResponseToNodeResponse } from "../connect-internals.js";
import type { NodeRequest } from "./node-handler.js";

/** How long the sender of a body that was not read has to read the answer before it is cut off, in milliseconds. */
const lingerMs = 250;

type Answer = Parameters<typeof universalResponseToNodeResponse>[0];
type Chunks = NonNullable<Answer["body"]>;

/**
 * An answer that ends its request as well. What is left of a body that was not read to its end would be read as the next
 * request's head, or would keep its HTTP/2 stream open for ever. Cutting it at once would reset it, and its sender could lose
 * the answer.
 */
export function endUnread(answer: Answer, request: NodeRequest): Answer {
  if (request.complete) return answer;
  const header = new Headers(answer.header);
  const body = answer.body ?? nothing();
  return {
    ...answer,
    header,
    body: {
      [Symbol.asyncIterator]() {
        const chunks = body[Symbol.asyncIterator]();
        let isUnread: boolean | undefined;
        // The head goes out after the first piece: the request may have been read by then.
        const afterFirst = (piece: IteratorResult<Uint8Array>) => {
          isUnread = !request.complete;
          if (!isUnread) return piece;
          if ("stream" in request) request.stream.once("finish", () => closeSoon(request.stream));
          else header.set("connection", "close");
          return afterPiece(piece);
        };
        const afterPiece = (piece: IteratorResult<Uint8Array>) =>
          piece.done === true && !("stream" in request) ? linger(piece) : piece;
        return {
          next() {
            if (isUnread === false) return chunks.next();
            return chunks.next().then(isUnread === undefined ? afterFirst : afterPiece);
          },
          throw: (error) => chunks.throw?.(error) ?? Promise.reject(error),
          return: (value) => chunks.return?.(value) ?? Promise.resolve({ done: true, value }),
        };
      },
    } satisfies Chunks,
  };
}

function linger<T>(value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), lingerMs).unref());
}

function closeSoon(stream: Extract<NodeRequest, { readonly stream: unknown }>["stream"]): void {
  setTimeout(() => {
    if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
  }, lingerMs).unref();
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
