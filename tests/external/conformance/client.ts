/** A question, as every client can ask it. */
export interface Asked {
  /** A panel or one model. */
  readonly model: string;
  readonly text: string;
  readonly temperature?: number;
  readonly signal?: AbortSignal;
}

/** What a client makes of an answer. */
export interface Said {
  readonly text: string;
  readonly finishReason: string | null | undefined;
  readonly totalTokens: number | undefined;
  /** The `consensus` object. Undefined for one model, and where the client drops what it does not know. */
  readonly consensus: unknown;
}

/** What a client makes of an error. */
export interface Failed {
  /** Undefined where the client does not tell, and for an error that came within a stream. */
  readonly status: number | undefined;
  /** Everything that the error tells its reader. */
  readonly message: string;
}

/** A client that is connected to Synod. */
export interface Client {
  ask(asked: Asked): Promise<Said>;
  /** The pieces of a streamed answer's text as they come. Throws what the client does with an error. */
  stream(asked: Asked): AsyncIterable<string>;
  /** The ids of all models. Missing where the client cannot list them. */
  models?(): Promise<readonly string[]>;
}

/** What a client is connected with. */
export interface ConnectOptions {
  /** Without a path. */
  readonly url: string;
  readonly apiKey: string;
  /** How often the client may repeat a failed call by itself. */
  readonly retries: number;
}

/** A client library, as the shared suite uses it. */
export interface ClientKind {
  /** The name of its package. */
  readonly name: string;
  /** Whether it lets its caller see the `consensus` object. */
  readonly showsConsensus: boolean;
  /** Whether it can list models. */
  readonly listsModels: boolean;
  /** Whether it leaves a failed call alone that `x-should-retry: false` came with. */
  readonly obeysShouldRetry: boolean;
  connect(options: ConnectOptions): Client;
  /** Reads an error that `ask` or `stream` threw. */
  failed(error: unknown): Failed;
}
