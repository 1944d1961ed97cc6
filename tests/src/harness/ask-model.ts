import { type HttpAnswer, post, readSse } from "./api.js";

/** What a caller is told when one model is asked over HTTP, streamed or not. */
export interface ModelAnswer {
  readonly status: number;
  /** The code of the error; null without one. In a stream that had begun it is the error's HTTP status. */
  readonly code: string | number | null;
  /** What was written; in a stream, all of its pieces. */
  readonly text: string;
  readonly refusal: string | null;
  readonly toolCalls: readonly unknown[];
  readonly finishReason: string | null;
  readonly usage: Readonly<Record<string, unknown>> | null;
  /** Whether a stream ended with `[DONE]`; true for an answer that is not streamed. */
  readonly done: boolean;
  /** The head's `x-should-retry`. */
  readonly shouldRetry: boolean;
  /** The head's `Retry-After`, in seconds; null without one. */
  readonly retryAfter: number | null;
  /** Everything that came, as text. */
  readonly raw: string;
}

/** What a question says beside its model. */
export interface AskOptions {
  readonly text?: string;
  readonly stream?: boolean;
  /** Further fields of the body. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks one model, or a panel, and reads the answer to its end. */
export async function askModel(url: string, model: string, options: AskOptions = {}): Promise<ModelAnswer> {
  const { text = "What is 17 * 23?", stream = false, body = {}, headers = {}, signal } = options;
  const asked = { model, messages: [{ role: "user", content: text }], ...(stream && { stream }), ...body };
  const answer = await post(`${url}/v1/chat/completions`, asked, {
    headers,
    ...(signal !== undefined && { signal }),
  });
  const isStream = String(answer.headers["content-type"]).startsWith("text/event-stream");
  return { ...headOf(answer), ...(isStream ? readStream(answer.text) : readWhole(answer)), raw: answer.text };
}

interface Choice {
  readonly message?: Said;
  readonly delta?: Said;
  readonly finish_reason?: string | null;
}

interface Said {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly unknown[];
}

interface Document {
  readonly choices?: readonly Choice[];
  readonly usage?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: string | number };
}

type Read = Pick<ModelAnswer, "code" | "text" | "refusal" | "toolCalls" | "finishReason" | "usage" | "done">;

function headOf({ status, headers }: HttpAnswer): Pick<ModelAnswer, "status" | "shouldRetry" | "retryAfter"> {
  const retryAfter = headers["retry-after"];
  return {
    status,
    shouldRetry: headers["x-should-retry"] === "true",
    retryAfter: retryAfter === undefined ? null : Number(retryAfter),
  };
}

function readWhole(answer: HttpAnswer): Read {
  const { choices = [], usage, error } = answer.json<Document>();
  const { message, finish_reason: finishReason = null } = choices[0] ?? {};
  return {
    code: error?.code ?? null,
    text: message?.content ?? "",
    refusal: message?.refusal ?? null,
    toolCalls: message?.tool_calls ?? [],
    finishReason,
    usage: usage ?? null,
    done: true,
  };
}

function readStream(text: string): Read {
  const { chunks, done } = readSse(text);
  const documents = chunks as readonly Document[];
  const choices = documents.flatMap((chunk) => chunk.choices ?? []);
  const joined = (pick: (delta: Said) => string | null | undefined): string =>
    choices.map(({ delta = {} }) => pick(delta) ?? "").join("");
  return {
    code: documents.find(({ error }) => error !== undefined)?.error?.code ?? null,
    text: joined(({ content }) => content),
    refusal: joined(({ refusal }) => refusal) || null,
    toolCalls: choices.flatMap(({ delta }) => delta?.tool_calls ?? []),
    finishReason: choices.findLast(({ finish_reason: reason }) => reason != null)?.finish_reason ?? null,
    usage: documents.findLast(({ usage }) => usage !== undefined)?.usage ?? null,
    done,
  };
}
