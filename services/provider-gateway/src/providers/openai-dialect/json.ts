/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value as an object; undefined when it is anything else. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** A value as a list; empty when it is anything else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A value as text; empty when it is anything else. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** JSON text as a value; undefined when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A header's whole number, 0 or more; undefined when it is none. */
export function countIn(header: string | undefined): number | undefined {
  const text = header?.trim() ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
