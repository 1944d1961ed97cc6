/** One thing to do on the connection. A plan is a list of them; when it is over, the response ends properly. */
export type Step =
  /** Sends status and headers now. Otherwise they go with the first bytes. */
  | { readonly do: "head" }
  /** An SSE comment. */
  | { readonly do: "comment"; readonly text: string }
  /** An SSE event. `tokens` counts the tokens of content in it. */
  | { readonly do: "data"; readonly json: string; readonly tokens: number; readonly part: EventPart }
  /** Bytes as they are. */
  | { readonly do: "raw"; readonly bytes: string | Uint8Array; readonly tokens: number }
  /** A whole body, sent with its length, after which the response is over. */
  | { readonly do: "body"; readonly text: string; readonly tokens: number }
  /** Milliseconds until the next step, counted from when the last one was due. */
  | { readonly do: "wait"; readonly ms: number }
  /** Sends what was joined so far on its own. Steps that are due at the same time otherwise go out in one write. */
  | { readonly do: "flush" }
  /** Nothing more until the client leaves. */
  | { readonly do: "hang" }
  /** A TCP reset. */
  | { readonly do: "reset" }
  /** The connection is closed without the end of the response. */
  | { readonly do: "fin" };

/** What an SSE event of a completion is for. */
export type EventPart = "role" | "content" | "finish" | "usage" | "error" | "done";

/** A whole response. */
export interface Plan {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Made one by one while they are played, so a plan may be endless. */
  readonly steps: Iterable<Step>;
  /** Whether the call counts as failed in the ledger though the response ends properly. */
  readonly failed: boolean;
}

/** A plan that answers with one body. */
export function bodyPlan(
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
  contentType = "application/json",
): Plan {
  return {
    status,
    headers: { "content-type": contentType, ...headers },
    steps: [{ do: "body", text, tokens: 0 }],
    failed: status >= 400,
  };
}

/** A plan that answers with one JSON body. */
export function jsonPlan(status: number, headers: Readonly<Record<string, string>>, body: unknown): Plan {
  return bodyPlan(status, headers, JSON.stringify(body));
}

/** The bytes of an SSE step as a well-behaved server sends them. */
export function sseText(step: Extract<Step, { do: "comment" | "data" }>): string {
  return step.do === "comment" ? `: ${step.text}\n\n` : `data: ${step.json}\n\n`;
}
