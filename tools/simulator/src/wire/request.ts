import { z } from "zod";

const contentPart = z.looseObject({ type: z.string(), text: z.string().optional() });

const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
});

const tool = z.looseObject({
  type: z.string(),
  function: z
    .looseObject({
      name: z.string().min(1),
      description: z.string().nullish(),
      parameters: z.looseObject({}).nullish(),
    })
    .optional(),
});

const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.looseObject({ type: z.string(), function: z.looseObject({ name: z.string() }).optional() }),
]);

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

const chatBody = z.looseObject({
  ...sampling,
  messages: z.array(message).min(1),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
});
const textBody = z.looseObject({ ...sampling, prompt: z.union([z.string(), z.array(z.string()).min(1)]) });

/** One message as a model reads it: its parts of text joined. */
export interface WireMessage {
  readonly role: string;
  readonly text: string;
}

/** A tool that a model may call. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of its arguments. */
  readonly parameters: unknown;
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
  /** The functions that may be called. Other tools are known to nobody here. */
  readonly tools: readonly OfferedTool[];
  /** Whether one must be called, and which; `auto` leaves it to the model. */
  readonly toolChoice: "none" | "auto" | "required" | { readonly name: string };
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
  const offered = "prompt" in data ? nothingOffered : offer(data);
  if ("problem" in offered) return offered;
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
      ...offered,
    },
  };
}

type Offer = Pick<CompletionRequest, "tools" | "toolChoice">;

const nothingOffered: Offer = { tools: [], toolChoice: "auto" };

function offer({
  tools,
  tool_choice: choice,
}: Pick<z.output<typeof chatBody>, "tools" | "tool_choice">): Offer | { readonly problem: RequestProblem } {
  const functions = (tools ?? []).flatMap(({ function: declared }) =>
    declared === undefined
      ? []
      : [{ name: declared.name, description: declared.description ?? "", parameters: declared.parameters }],
  );
  if (choice == null) return { tools: functions, toolChoice: "auto" };
  if (!tools?.length && choice !== "none" && choice !== "auto") {
    return { problem: { path: "tool_choice", message: "only allowed when tools are specified" } };
  }
  if (typeof choice === "string") return { tools: functions, toolChoice: choice };
  const name = choice.function?.name;
  if (name !== undefined && !functions.some((declared) => declared.name === name)) {
    return { problem: { path: "tool_choice", message: `no tool is named ${name}` } };
  }
  return { tools: functions, toolChoice: name === undefined ? "auto" : { name } };
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
