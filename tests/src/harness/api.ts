import { request } from "undici";

/** An answer over HTTP, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

/** What a call has beside its body. */
export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Posts JSON and reads the whole answer. */
export async function post(url: string, body: unknown, options: PostOptions = {}): Promise<HttpAnswer> {
  const { headers = {}, signal } = options;
  const response = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** Gets a page. */
export async function get(url: string, { headers = {} }: PostOptions = {}): Promise<HttpAnswer> {
  const response = await request(url, { headers });
  const text = await response.body.text();
  return { status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** One member in the `consensus` object. */
export interface MemberJson {
  readonly model: string;
  readonly served_model: string | null;
  readonly round: number;
  readonly sample: number;
  readonly status: string;
  readonly answer_key: string | null;
  readonly counted: boolean;
  readonly abstention: { readonly reason: string; readonly message: string } | null;
  readonly influence: number | null;
  readonly swings: boolean;
  readonly hedge: { readonly model: string; readonly won: boolean } | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
    readonly paid_partial?: true;
  } | null;
}

/** The `consensus` object of an answer. */
export interface ConsensusJson {
  readonly run_id: string;
  readonly preset: string;
  readonly strategy: string;
  readonly rounds: number;
  readonly simulated: boolean;
  readonly agreement: number | null;
  readonly confidence: number | null;
  readonly validated: boolean | null;
  readonly stopped: string;
  readonly tie_broken: boolean;
  readonly fields:
    | readonly {
        readonly path: string;
        readonly agreement: number;
        readonly support: number;
        readonly voters: number;
      }[]
    | null;
  readonly format_problem: string | null;
  readonly degraded: readonly string[];
  readonly members: readonly MemberJson[];
  readonly dissent: readonly { readonly answer_key: string; readonly models: readonly string[] }[];
  readonly judge: {
    readonly verdict: string | null;
    readonly findings: readonly unknown[];
    readonly attempts: number;
  } | null;
  readonly calls: { readonly made: number; readonly saved: number };
  readonly cost_usd: number | null;
}

/** A call of a tool. */
export interface ToolCallJson {
  readonly id: string;
  readonly type: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

/** A choice in a chunk of a stream. */
export interface DeltaJson {
  readonly delta: { readonly content?: string; readonly tool_calls?: readonly ToolCallJson[] };
  readonly finish_reason: string | null;
}

/** A chat completion with Synod's extension. */
export interface CompletionJson {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly message: {
      readonly role: string;
      readonly content: string | null;
      readonly tool_calls?: readonly ToolCallJson[];
    };
    readonly finish_reason: string;
  }[];
  readonly usage: { readonly total_tokens: number; readonly cost: number | null };
  readonly system_fingerprint: string;
  readonly consensus: ConsensusJson;
}

/** A chat completion's request for one question. */
export function question(text: string, model = "synod/default"): { model: string; messages: unknown[] } {
  return { model, messages: [{ role: "user", content: text }] };
}

/** The text of a completion. */
export function textOf(completion: CompletionJson): string {
  return completion.choices[0]?.message.content ?? "";
}

/** The parts of an SSE stream: its comments, and its data as JSON. */
export function readSse(text: string): {
  comments: string[];
  chunks: Record<string, unknown>[];
  done: boolean;
} {
  const lines = text.split("\n").filter((line) => line !== "");
  const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
  return {
    comments: lines.filter((line) => line.startsWith(":")),
    chunks: data.filter((item) => item !== "[DONE]").map((item) => JSON.parse(item)),
    done: data.at(-1) === "[DONE]",
  };
}

/** The choices of a stream's chunks, in order. */
export function deltasOf(chunks: readonly Record<string, unknown>[]): DeltaJson[] {
  return chunks.flatMap((chunk) => chunk["choices"] as DeltaJson[]);
}
