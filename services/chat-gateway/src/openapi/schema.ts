/** A JSON Schema of the dialect of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>;

/** Schemas by their names in `components.schemas`. */
export type Schemas = Readonly<Record<string, Schema>>;

/** A schema that stands elsewhere. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const described = (description: string | undefined): Schema =>
  description === undefined ? {} : { description };

export const text = (description?: string, more: Schema = {}): Schema => ({
  type: "string",
  ...described(description),
  ...more,
});

export const whole = (description?: string, more: Schema = {}): Schema => ({
  type: "integer",
  ...described(description),
  ...more,
});

export const number = (description?: string, more: Schema = {}): Schema => ({
  type: "number",
  ...described(description),
  ...more,
});

export const flag = (description?: string): Schema => ({ type: "boolean", ...described(description) });

export const word = (words: readonly string[], description?: string): Schema => ({
  type: "string",
  enum: words,
  ...described(description),
});

export const listOf = (items: Schema, description?: string, more: Schema = {}): Schema => ({
  type: "array",
  items,
  ...described(description),
  ...more,
});

export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });

/** An object. A property whose name ends in `?` may be left out. */
export function object(properties: Schemas, description?: string): Schema {
  const entries = Object.entries(properties);
  return {
    type: "object",
    ...described(description),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ""), schema])),
    required: entries.flatMap(([name]) => (name.endsWith("?") ? [] : [name])),
  };
}

/** An object that holds nothing else. */
export const closed = (properties: Schemas, description?: string): Schema => ({
  ...object(properties, description),
  additionalProperties: false,
});
