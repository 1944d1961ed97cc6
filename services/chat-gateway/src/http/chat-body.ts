import { z } from "zod";

const error = (message: string) => ({ error: message });

const number = (min: number, max: number) => {
  const what = error(`must be a number from ${min} to ${max}`);
  return z.number(what).min(min, what).max(max, what).nullish();
};

const whole = (min: number, max: number) => {
  const what = error(`must be a whole number from ${min} to ${max}`);
  return z.int(what).min(min, what).max(max, what).nullish();
};

const text = z.string(error("must be a text"));
const shortText = text.max(256, error("must have at most 256 characters"));

const part = z
  .looseObject({ type: shortText }, error("must be an object with a `type`"))
  .superRefine((value, context) => {
    if (value.type === "text" && typeof value["text"] !== "string") {
      context.addIssue({ code: "custom", path: ["text"], message: "must be a text" });
    }
  });

const content = z.union(
  [z.string(), z.array(part).max(1_000, error("must have at most 1000 parts"))],
  error("must be a text or a list of content parts"),
);

const toolCall = z.strictObject({
  id: shortText,
  type: z.literal("function", error("must be `function`")),
  function: z.strictObject({ name: shortText, arguments: text }),
  index: z.number().optional(),
});

const asking = <Role extends "system" | "developer" | "user">(role: Role) =>
  z.strictObject({ role: z.literal(role), content, name: shortText.nullish() });

// What clients send back of an earlier answer without meaning to ask anything by it.
const echoes = {
  annotations: z.unknown().optional(),
  reasoning: z.unknown().optional(),
  reasoning_content: z.unknown().optional(),
  reasoning_details: z.unknown().optional(),
  audio: z.null(error("is not available: audio is not supported")).optional(),
  function_call: z.null(error("is not available: use `tool_calls`")).optional(),
};

const assistant = z
  .strictObject({
    role: z.literal("assistant"),
    content: content.nullish(),
    name: shortText.nullish(),
    tool_calls: z.array(toolCall).max(128, error("must have at most 128 calls")).nullish(),
    refusal: text.nullish(),
    ...echoes,
  })
  .superRefine((value, context) => {
    if (value.content == null && !value.tool_calls?.length && value.refusal == null) {
      context.addIssue({ code: "custom", path: ["content"], message: "is missing" });
    }
  });

const tool = z.strictObject({
  role: z.literal("tool"),
  content,
  tool_call_id: shortText.min(1, error("must not be empty")),
  name: shortText.nullish(),
});

const message = z.discriminatedUnion(
  "role",
  [asking("system"), asking("developer"), asking("user"), assistant, tool],
  { error: (issue) => (issue.code === "invalid_union" ? roleMistake(issue.input) : "must be an object") },
);

function roleMistake(input: unknown): string {
  const roles = "`system`, `developer`, `user`, `assistant` or `tool`";
  return typeof input === "object" ? `must be ${roles}` : "must be an object";
}

const stopText = text.min(1, error("must not be empty"));

const responseFormat = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("text") }),
    z.strictObject({ type: z.literal("json_object") }),
    z.strictObject({
      type: z.literal("json_schema"),
      json_schema: z.strictObject({
        name: text.min(1).max(64, error("must have 1 to 64 characters")),
        schema: z.record(z.string(), z.unknown(), error("must be a JSON Schema")).optional(),
        strict: z.boolean(error("must be true or false")).nullish(),
      }),
    }),
  ],
  error("must be an object whose `type` is `text`, `json_object` or `json_schema`"),
);

/** The fields of a chat completion's body that Synod itself reads, by zod. Other fields are kept. Null means unset. */
export const chatBody = z.looseObject(
  {
    model: z
      .string(error("is missing: name a panel (`synod/default`) or a model (`groq/…`)"))
      .regex(/^[\x21-\x7e]{1,256}$/, error("must be 1 to 256 visible ASCII characters")),
    messages: z.array(message, error("must be a list of messages")).min(1, error("must not be empty")),
    stream: z.boolean(error("must be true or false")).nullish(),
    stream_options: z
      .strictObject(
        { include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() },
        error("must be an object with `include_usage`"),
      )
      .nullish(),
    max_tokens: whole(1, 4_294_967_295),
    max_completion_tokens: whole(1, 4_294_967_295),
    temperature: number(0, 2),
    top_p: number(0, 1),
    seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    stop: z
      .union(
        [stopText, z.array(stopText).max(4, error("must have at most 4 texts"))],
        error("must be a text or a list of at most 4 texts"),
      )
      .nullish(),
    frequency_penalty: number(-2, 2),
    presence_penalty: number(-2, 2),
    n: whole(1, 128),
    response_format: responseFormat.nullish(),
    consensus: z.unknown().optional(),
  },
  error("the body must be a JSON object"),
);

/** A chat completion's body that was checked. */
export type ChatBody = z.infer<typeof chatBody>;
/** A message of it. */
export type BodyMessage = ChatBody["messages"][number];
