/** An object of a JSON Schema's text, or a list or value in it. Names are read with `Object.hasOwn` alone. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** A JSON Schema that was read. */
export interface Schema {
  readonly root: SchemaObject | boolean;
}

/** A member of a schema's text; undefined without one. */
export function keyword(node: unknown, name: string): unknown {
  return isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
}

/** The entries of a list in a schema's text; none when it is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a part of a schema's text is an object. */
export function isObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a JSON Schema. Null for a text that is none. */
export function readSchema(schemaJson: string): Schema | null {
  try {
    const root: unknown = JSON.parse(schemaJson);
    return isObject(root) || typeof root === "boolean" ? { root } : null;
  } catch {
    return null;
  }
}

/** Whether a text is a JSON Schema, as far as its outermost value says. */
export function isSchema(schemaJson: string): boolean {
  return readSchema(schemaJson) !== null;
}

/**
 * The schemas that all hold where these hold: they themselves, what their `$ref` means and what their `allOf` holds.
 * References within the schema are followed, each once; those to anywhere else mean nothing here.
 */
export function expanded(nodes: readonly unknown[], schema: Schema): readonly SchemaObject[] {
  const found = new Set<SchemaObject>();
  const open = [...nodes];
  // What is pushed while the loop goes on is visited too.
  for (const node of open) {
    if (!isObject(node) || found.has(node)) continue;
    found.add(node);
    const ref = keyword(node, "$ref");
    if (typeof ref === "string") open.push(resolved(ref, schema));
    for (const part of listOf(keyword(node, "allOf"))) open.push(part);
  }
  return [...found];
}

/** What a reference within a schema means: `#`, `#/$defs/x` or `#anchor`. Undefined when it means nothing in it. */
function resolved(ref: string, { root }: Schema): unknown {
  if (!ref.startsWith("#")) return undefined;
  const pointer = decoded(ref.slice(1));
  if (pointer === null) return undefined;
  if (pointer !== "" && !pointer.startsWith("/")) return anchored(pointer, root);
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((node, part) => (Array.isArray(node) ? node[Number(part)] : keyword(node, part)), root);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The definition with an `$anchor`. Anchors elsewhere than in `$defs` are rare, and give no hints here. */
function anchored(anchor: string, root: Schema["root"]): unknown {
  const definitions = [keyword(root, "$defs"), keyword(root, "definitions")].filter(isObject);
  return definitions
    .flatMap((map) => Object.values(map))
    .find((definition) => keyword(definition, "$anchor") === anchor);
}
