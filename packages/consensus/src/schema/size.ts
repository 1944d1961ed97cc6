import { DATA, MAPS } from "./keywords.js";
import { isObject, keyword, listOf } from "./schema.js";

/** What a schema may have at most, so that checking answers against it takes no longer than a moment. */
export const SCHEMA_LIMITS = {
  /** Characters of its text. */
  chars: 262_144,
  /** How deep subschemas nest. */
  depth: 64,
  /** Subschemas in all. */
  subschemas: 5_000,
  /** Alternatives of one `anyOf` or `oneOf`. */
  alternatives: 1_000,
  /** Values of all `enum` together. */
  options: 10_000,
  /** Different patterns. */
  patterns: 100,
} as const;

/**
 * What a schema has too much of, in words that follow its name, with the place in it. Null when it is small enough.
 *
 * @param schemaJson JSON, as text.
 */
export function schemaExcess(schemaJson: string): string | null {
  const { chars } = SCHEMA_LIMITS;
  if (schemaJson.length > chars) return `has more than ${chars} characters`;
  return excessOf(JSON.parse(schemaJson));
}

interface Place {
  readonly node: unknown;
  /** A JSON Pointer. */
  readonly path: string;
  readonly depth: number;
}

function excessOf(root: unknown): string | null {
  const { depth: deepest, subschemas, alternatives, options, patterns } = SCHEMA_LIMITS;
  const tried = new Set<string>();
  const open: Place[] = [{ node: root, path: "", depth: 0 }];
  let values = 0;
  let count = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, path, depth } = at;
    if (depth > deepest) return `nests more than ${deepest} deep`;
    open.push(...partsOf(at));
    if (!isObject(node)) continue;
    if (++count > subschemas) return `has more than ${subschemas} subschemas`;
    for (const name of ["anyOf", "oneOf"]) {
      if (listOf(keyword(node, name)).length > alternatives) {
        return `has more than ${alternatives} alternatives in ${path}/${name}`;
      }
    }
    values += listOf(keyword(node, "enum")).length;
    if (values > options) return `has more than ${options} values in enum`;
    for (const pattern of patternsOf(node)) tried.add(pattern);
    if (tried.size > patterns) return `has more than ${patterns} patterns`;
  }
  return null;
}

function patternsOf(node: unknown): readonly string[] {
  const pattern = keyword(node, "pattern");
  const names = keyword(node, "patternProperties");
  return [...(typeof pattern === "string" ? [pattern] : []), ...(isObject(names) ? Object.keys(names) : [])];
}

/** The subschemas of a schema, and the parts of a list of them. */
function partsOf({ node, path, depth }: Place): readonly Place[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) => {
    if (DATA.has(name)) return [];
    const isMap = MAPS.has(name) && isObject(value);
    const parts = isMap || Array.isArray(value) ? Object.entries(value) : null;
    return (parts ?? [["", value]]).map(([part, inner]) => ({
      node: inner,
      path: parts === null ? `${path}/${name}` : `${path}/${name}/${part}`,
      depth: depth + 1,
    }));
  });
}
