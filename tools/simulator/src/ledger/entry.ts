import type { FaultKind } from "../faults/registry.js";
import { parsed } from "../minds/given-texts.js";
import type { WireEndpoint, WireProvider } from "../wire/dialect.js";
import type { CallState, KeyTrace, LedgerCall } from "./call.js";
import type { CallCount } from "./counters.js";

/** What is known of a call when it comes. */
export type ReceivedCall = Pick<
  LedgerCall,
  "provider" | "endpoint" | "method" | "path" | "model" | "stream" | "headers" | "key"
> & {
  /** The body as it came; empty without one. */
  readonly bodyText: string;
};

/** What a completion costs, for `GET /generation`. */
export interface Generation {
  readonly id: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number;
  readonly finishReason: string;
}

/**
 * One call in the ledger, which follows it to its end.
 *
 * A class with all its fields, since thousands of them are made and kept each second: an object put together from parts
 * costs several times as much. The body is kept as text and parsed when it is looked at, for the same reason.
 */
export class CallEntry {
  readonly id: number;
  readonly provider: WireProvider;
  readonly endpoint: WireEndpoint;
  readonly model: string;
  readonly bodyText: string;
  state: CallState = "received";
  generation: Generation | null = null;
  readonly #method: string;
  readonly #path: string;
  readonly #stream: boolean;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #key: KeyTrace | null;
  readonly #receivedAt = Date.now();
  #faults: readonly FaultKind[] = [];
  #status: number | null = null;
  #tokensSent = 0;
  #firstByteAt: number | null = null;
  #endedAt: number | null = null;
  readonly #count: CallCount;
  readonly #changed: () => void;

  constructor(id: number, call: ReceivedCall, count: CallCount, changed: () => void) {
    this.id = id;
    this.provider = call.provider;
    this.endpoint = call.endpoint;
    this.model = call.model;
    this.bodyText = call.bodyText;
    this.#method = call.method;
    this.#path = call.path;
    this.#stream = call.stream;
    this.#headers = call.headers;
    this.#key = call.key;
    this.#count = count;
    this.#changed = changed;
  }

  /** Faults are played. */
  played(faults: readonly FaultKind[]): void {
    this.#faults = faults;
    this.#changed();
  }

  /** There is a completion, and it has its price. */
  generated(generation: Generation): void {
    this.generation = generation;
    this.#count.cost(generation.costUsd);
  }

  /** Status and first bytes go out. */
  responding(status: number): void {
    this.#status = status;
    this.#firstByteAt = Date.now();
    this.state = "streaming";
    this.#changed();
  }

  /** Tokens of content went out. */
  sent(tokens: number): void {
    this.#tokensSent += tokens;
    this.#count.sent(tokens);
    this.#changed();
  }

  /** Ends the call; later ends change nothing. */
  end(state: "finished" | "aborted" | "failed"): void {
    if (this.#endedAt !== null) return;
    this.#endedAt = Date.now();
    this.state = state;
    this.#count.end(state);
    this.#changed();
  }

  /** How the call is now: a copy. */
  shown(): LedgerCall {
    const { bodyText } = this;
    return {
      id: this.id,
      provider: this.provider,
      endpoint: this.endpoint,
      method: this.#method,
      path: this.#path,
      model: this.model,
      stream: this.#stream,
      headers: this.#headers,
      key: this.#key,
      get body() {
        return parsed(bodyText) ?? null;
      },
      faults: this.#faults,
      generationId: this.generation?.id ?? null,
      state: this.state,
      status: this.#status,
      tokensSent: this.#tokensSent,
      receivedAt: this.#receivedAt,
      firstByteAt: this.#firstByteAt,
      endedAt: this.#endedAt,
    };
  }
}
