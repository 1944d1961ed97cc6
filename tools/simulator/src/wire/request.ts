import { z } from "zod";

const contentPart = z.looseObject({ type: z.string(), text: z.string().optional() });

const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
});

const sampling = {
  stream: z.boolean().nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
} as const;

const chatBody = z.looseObject({ ...sampling, messages: z.array(message).min(1) });
const textBody = z.looseObject({ ...sampling, prompt: z.union([z.string(), z.array(z.string()).min(1)]) });

/** One message as a model reads it: its parts of text joined. */
export interface WireMessage {
  readonly role: string;
  readonly text: string;
}

/** What a completion request asks, the same for both providers. */
export interface CompletionRequest {
  readonly model: string;
  readonly messages: readonly WireMessage[];
  readonly stream: boolean;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly stop: readonly string[];
  /** The `response_format` as it came. */
  readonly responseFormat?: Readonly<Record<string, unknown>>;
}

/** What is wrong with a body. */
export interface RequestProblem {
  /** Example: `messages.0.role`. */
  readonly path: string;
  readonly message: string;
}

/** The body of `POST /chat/completions` or `POST /completions`, or what is wrong with it. */
export function readRequest(
  body: unknown,
  model: string,
  endpoint: "chat" | "completions",
): { readonly request: CompletionRequest } | { readonly problem: RequestProblem } {
  const parsed = endpoint === "chat" ? chatBody.safeParse(body) : textBody.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: { path: issue?.path.join(".") ?? "", message: issue?.message ?? "invalid" } };
  }
  const { data } = parsed;
  const maxTokens = data.max_completion_tokens ?? data.max_tokens ?? undefined;
  return {
    request: {
      model,
      messages: "prompt" in data ? promptMessages(data.prompt) : readMessages(data.messages),
      stream: data.stream === true,
      stop: typeof data.stop === "string" ? [data.stop] : (data.stop ?? []),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(typeof data.temperature === "number" ? { temperature: data.temperature } : {}),
      ...(typeof data.seed === "number" ? { seed: data.seed } : {}),
      ...(data.response_format ? { responseFormat: data.response_format } : {}),
    },
  };
}

function promptMessages(prompt: unknown): WireMessage[] {
  return [{ role: "user", text: Array.isArray(prompt) ? prompt.join("\n") : String(prompt) }];
}

function readMessages(messages: readonly z.output<typeof message>[]): WireMessage[] {
  return messages.map(({ role, content }) => ({
    role,
    text: Array.isArray(content) ? content.flatMap(({ text }) => text ?? []).join("\n") : (content ?? ""),
  }));
}
