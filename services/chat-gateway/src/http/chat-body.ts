import { z } from "zod";
import { askingFields, error, shortText, text } from "./body-schema.js";

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

const list = z.array(z.unknown(), error("must be a list")).nullish();

/** The fields of an assistant's turn, by zod. Beside them it may hold whatever a model's answer held. */
const assistantFields = {
  role: z.literal("assistant"),
  content: content.nullish(),
  name: shortText.nullish(),
  tool_calls: z.array(toolCall).max(128, error("must have at most 128 calls")).nullish(),
  refusal: text.nullish(),
  reasoning: text.nullish(),
  reasoning_content: text.nullish(),
  audio: z.null(error("is not available: audio is not supported")).optional(),
  function_call: z.null(error("is not available: use `tool_calls`")).optional(),
};

/** What an answer of one model holds beside its text, to be sent back to it. */
const saidBeside = { reasoning_details: list, annotations: list, images: list, executed_tools: list };

const assistant = z.looseObject({ ...assistantFields, ...saidBeside }).superRefine((value, context) => {
  const hasContent = value.content != null || value.refusal != null || value.tool_calls?.length;
  const hasOther = value.reasoning != null || value.reasoning_details?.length || value.images?.length;
  if (!hasContent && !hasOther) {
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

/** The fields of a chat completion's body that Synod itself reads, by zod. Other fields are kept. Null means unset. */
export const chatBody = z.looseObject(
  {
    ...askingFields,
    messages: z.array(message, error("must be a list of messages")).min(1, error("must not be empty")),
  },
  error("the body must be a JSON object"),
);

/** A chat completion's body that was checked. */
export type ChatBody = z.infer<typeof chatBody>;
/** A message of it. */
export type BodyMessage = ChatBody["messages"][number];
/** A message of it that a model wrote. */
export type AssistantMessage = z.infer<typeof assistant>;

const readFields: ReadonlySet<string> = new Set(Object.keys(assistantFields));
const knownFields: ReadonlySet<string> = new Set(Object.keys({ ...assistantFields, ...saidBeside }));

/** The fields of an assistant's turn that only the model which wrote it understands. */
export function fieldsBeside(message: AssistantMessage): string[] {
  return Object.keys(message).filter((name) => {
    const value = message[name];
    return !readFields.has(name) && value != null && !(Array.isArray(value) && value.length === 0);
  });
}

/** The first field of an assistant's turn that no answer of a known provider holds; undefined when there is none. */
export function unknownField(message: AssistantMessage): string | undefined {
  return fieldsBeside(message).find((name) => !knownFields.has(name));
}
