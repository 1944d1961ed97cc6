/** A streamed answer that was read to its end. */
export interface ReadStream {
  /** In their order, without the colon. */
  readonly comments: readonly string[];
  /** In their order, parsed. */
  readonly chunks: readonly Chunk[];
  /** Whether `[DONE]` was the last event. */
  readonly done: boolean;
  /** The text of all deltas. */
  readonly text: string;
}

/** A chunk, as far as tests look. */
export interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: { readonly role?: string; readonly content?: string; readonly [field: string]: unknown };
    /** In a text completion, in place of `delta`. */
    readonly text?: string;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Record<string, unknown>;
  readonly consensus?: unknown;
  readonly consensus_event?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Reads a streamed answer to its end. */
export async function readStream(response: Response): Promise<ReadStream> {
  return parseStream(await response.text());
}

/** Takes the text of a stream apart. */
export function parseStream(text: string): ReadStream {
  const events = text.split("\n\n").filter((event) => event !== "");
  const comments = events.filter((event) => event.startsWith(": ")).map((event) => event.slice(2));
  const data = events.filter((event) => event.startsWith("data: ")).map((event) => event.slice(6));
  if (comments.length + data.length !== events.length) throw new Error(`neither comment nor data: ${text}`);
  const chunks = data.filter((event) => event !== "[DONE]").map((event): Chunk => JSON.parse(event));
  return {
    comments,
    chunks,
    done: data.at(-1) === "[DONE]" && data.indexOf("[DONE]") === data.length - 1,
    text: chunks.map(({ choices }) => choices[0]?.text ?? choices[0]?.delta.content ?? "").join(""),
  };
}
