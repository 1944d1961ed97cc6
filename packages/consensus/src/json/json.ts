/** A JSON value as it was written: numbers keep their digits, so that none is lost beyond 2^53. */
export type Json =
  | { readonly type: "null" }
  | { readonly type: "boolean"; readonly value: boolean }
  /** `text` is the number as it was written. */
  | { readonly type: "number"; readonly text: string }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "array"; readonly items: readonly Json[] }
  /** In the order of the text; of members with the same name, the last one. */
  | { readonly type: "object"; readonly members: ReadonlyMap<string, Json> };

/** How many values a value holds, itself included, to any depth. */
export function valuesIn(json: Json): number {
  let count = 1;
  if (json.type === "array") for (const item of json.items) count += valuesIn(item);
  if (json.type === "object") for (const value of json.members.values()) count += valuesIn(value);
  return count;
}
