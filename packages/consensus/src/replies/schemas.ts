import type { Schema } from "@cfworker/json-schema";

/** Any text. */
export const anyText: Schema = { type: "string" };

/** One of these texts. */
export function oneOf(texts: readonly string[]): Schema {
  return { type: "string", enum: [...texts] };
}

/** A list of any length. Bounds are left out of schemas that models are asked for: not every provider takes them. */
export function listOf(items: Schema): Schema {
  return { type: "array", items };
}

/** An object with all of these fields and no other. */
export function exactly(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
