import { ref, type Schema, text } from "./schema.js";

/** The operations of each path, by their methods in lower case. */
export type Paths = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const json = (schema: Schema): object => ({ "application/json": { schema } });

/** An answer in JSON. */
export const jsonAnswer = (description: string, schema: Schema, headers?: object): object => ({
  description,
  ...(headers !== undefined && { headers }),
  content: json(schema),
});

/** A stream of server-sent events, each of which is one of these. */
export const eventStream = (schema: Schema): object => ({ "text/event-stream": { schema } });

/** A body in JSON. */
export const jsonBody = (schema: Schema): object => ({ required: true, content: json(schema) });

/** A parameter of a path. */
export const inPath = (name: string, description: string): object => ({
  name,
  in: "path",
  required: true,
  description,
  schema: text(),
});

/** A parameter of a query. */
export const inQuery = (name: string, schema: Schema, description: string): object => ({
  name,
  in: "query",
  required: false,
  description,
  schema,
});

/** A parameter that stands in `components.parameters`. */
export const parameter = (name: string): object => ({ $ref: `#/components/parameters/${name}` });

const reasons = {
  400: "A part of the request is wrong: `param` says which.",
  401: "The key is missing, malformed or unknown.",
  403: "Without keys: the request came under a name that is not local.",
  404: "There is no such panel, model, run or path.",
  405: "Another method: `Allow` says which.",
  409: "A request with the same `Idempotency-Key` is being answered, or somebody cancelled the run.",
  413: "The body is over the limit.",
  415: "The body is not JSON in UTF-8 without a content encoding.",
  422: "The `Idempotency-Key` was used for another request.",
  429: "A limit was reached. `Retry-After` says when to come again.",
  500: "A defect. The log says more under the request's id.",
  502: "Models failed.",
  503: "No room, a service that does not answer, or too few answers. `Retry-After` says when to come again.",
  504: "The time is over.",
} as const;

/** The errors that a route may answer with, beside those that all have. */
export function errorAnswers(...statuses: readonly (keyof typeof reasons)[]): object {
  const all = [...new Set([400, 401, 403, 500, 503, ...statuses] as const)].sort((a, b) => a - b);
  return Object.fromEntries(
    all.map((status) => [
      String(status),
      jsonAnswer(reasons[status], ref("ErrorAnswer"), {
        "x-request-id": { $ref: "#/components/headers/RequestId" },
        "x-should-retry": { $ref: "#/components/headers/ShouldRetry" },
        ...((status === 429 || status === 503) && {
          "retry-after": { $ref: "#/components/headers/RetryAfter" },
        }),
      }),
    ]),
  );
}
