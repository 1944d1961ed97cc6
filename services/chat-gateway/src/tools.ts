import { offeredTools } from "@synod/consensus";
import { z } from "zod";
import { invalid } from "./failure.js";
import { firstMistake } from "./issues.js";

const error = (message: string) => ({ error: message });
const name = z
  .string(error("must be a text"))
  .regex(/^[\w.-]{1,64}$/, error("must be 1 to 64 letters, digits, `_`, `-` or `.`"));

const tool = z.looseObject(
  {
    type: z.literal("function", error("must be `function`: a panel votes on calls of functions alone")),
    function: z.looseObject(
      {
        name,
        parameters: z.record(z.string(), z.unknown(), error("must be a JSON Schema")).nullish(),
      },
      error("must be an object with a `name`"),
    ),
  },
  error("must be an object with `type` and `function`"),
);

const choice = z.union(
  [z.enum(["none", "auto", "required"]), z.looseObject({ type: z.string() })],
  error("must be `none`, `auto`, `required`, or an object that names a tool"),
);

const toolFields = z.strictObject({
  tools: z.array(tool, error("must be a list")).max(128, error("must have at most 128 tools")).nullish(),
  tool_choice: choice.nullish(),
  parallel_tool_calls: z.boolean(error("must be true or false")).nullish(),
});

const names: ReadonlySet<string> = new Set(Object.keys(toolFields.shape));

/** Whether a field of a request is about tools. */
export function isToolField(field: string): boolean {
  return names.has(field);
}

/**
 * Checks the fields of a request that are about tools.
 *
 * @param fields `tools`, `tool_choice`, `parallel_tool_calls`, as OpenAI has them.
 * @returns Whether there are tools to offer.
 * @throws SynodError `invalid_value` that names the field.
 */
export function checkTools(fields: Readonly<Record<string, unknown>>): boolean {
  const parsed = toolFields.safeParse(fields);
  if (!parsed.success) {
    const { param, message } = firstMistake(parsed.error.issues);
    throw invalid(param, `${param} ${message}.`);
  }
  const { tools, tool_choice: chosen } = parsed.data;
  const offered = tools == null || tools.length === 0 ? null : tools;
  if (offered === null) {
    const asksNothing = chosen == null || chosen === "none" || chosen === "auto";
    if (!asksNothing) throw invalid("tool_choice", "tool_choice needs tools. Send them, or leave it out.");
    return false;
  }
  if (offeredTools(JSON.stringify({ tools: offered })) === null) {
    throw invalid("tools", "tools are too large together. Send fewer, or shorter ones.");
  }
  return true;
}
