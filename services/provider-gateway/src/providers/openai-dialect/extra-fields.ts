import type { JsonObject } from "./json.js";

/** The most JSON that the other fields of a chunk, or of a whole answer, may be, in UTF-16 units: 3 Mi. */
export const mostExtraLength = 3 * 1024 * 1024;

/** Fields of a message that are read by themselves, or say nothing. */
const readFields: ReadonlySet<string> = new Set([
  "role",
  "content",
  "refusal",
  "tool_calls",
  "reasoning",
  "reasoning_content",
]);

/** Fields of an answer that say more of it. Not all others: some repeat the request, or name the account. */
const tellingFields = [
  "provider",
  "service_tier",
  "openrouter_metadata",
  "usage_breakdown",
  "citations",
  "x_groq",
  "debug",
] as const;

/** Those of them that may stand in any chunk, not only in the last ones. */
const scattered = ["openrouter_metadata", "x_groq", "debug"] as const;

/**
 * The other fields of a message or its delta (`reasoning_details`, `annotations`, `images` and what may come), as they
 * came; empty ones are left out. Fields that would exceed `mostExtraLength` together are dropped: nothing that holds
 * them has room for more. Undefined when there are none.
 */
export function extraOfMessage(said: JsonObject): JsonObject | undefined {
  return bounded(Object.entries(said).filter(([name]) => !readFields.has(name)));
}

/** What an answer says of itself beside its model and its id, bounded in the same way. */
export function extraOfAnswer(answer: JsonObject): JsonObject {
  return bounded(tellingFields.map((name) => [name, answer[name]])) ?? {};
}

/** Whether a chunk says something of the answer that no other chunk repeats. */
export function tellsOfAnswer(chunk: JsonObject): boolean {
  return scattered.some((name) => typeof chunk[name] === "object" && chunk[name] !== null);
}

function bounded(entries: readonly (readonly [string, unknown])[]): JsonObject | undefined {
  let left = mostExtraLength;
  const kept = entries.filter(([, value]) => {
    if (isEmpty(value)) return false;
    const { length } = JSON.stringify(value);
    if (length > left) return false;
    left -= length;
    return true;
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}
