import { isObject, keyword, listOf, type SchemaObject } from "../schema/schema.js";

/** Whether values are compared as they stand: what a schema fixes is not a wording. */
export function isExact(facets: readonly SchemaObject[]): boolean {
  return facets.some((facet) =>
    ["enum", "const", "pattern", "format"].some((name) => keyword(facet, name) !== undefined),
  );
}

/** Whether values are options of a list, so that they are voted on whatever they are. */
export function isOption(facets: readonly SchemaObject[]): boolean {
  return facets.some((facet) => ["enum", "const"].some((name) => keyword(facet, name) !== undefined));
}

/** Whether not every number between two is one too. */
export function isStepped(facets: readonly SchemaObject[]): boolean {
  return facets.some((facet) => {
    const types = typesOf(facet);
    const isWhole = types.includes("integer") && !types.includes("number");
    return isWhole || keyword(facet, "multipleOf") !== undefined;
  });
}

/** The types that a schema object names; none when it names none. */
export function typesOf(facet: SchemaObject): readonly unknown[] {
  const type = keyword(facet, "type");
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}

/** The schemas of a member. */
export function memberNodes(facets: readonly SchemaObject[], name: string): readonly unknown[] {
  return facets.flatMap((facet) => {
    const own = keyword(keyword(facet, "properties"), name);
    const node = own ?? keyword(facet, "additionalProperties");
    return node === undefined ? [] : [node];
  });
}

/** The names of members that a schema knows, in its order. */
export function memberNames(facets: readonly SchemaObject[]): readonly string[] {
  return facets.flatMap((facet) => {
    const properties = keyword(facet, "properties");
    return isObject(properties) ? Object.keys(properties) : [];
  });
}

/** The names of members that must be there. */
export function requiredNames(facets: readonly SchemaObject[]): ReadonlySet<unknown> {
  return new Set(facets.flatMap((facet) => listOf(keyword(facet, "required"))));
}

/** The schemas of the entry of a list at a position. */
export function entryNodes(facets: readonly SchemaObject[], index: number): readonly unknown[] {
  return facets.flatMap((facet) => {
    const items = keyword(facet, "items");
    const places = [...listOf(keyword(facet, "prefixItems")), ...listOf(items)];
    const node = places[index] ?? (Array.isArray(items) ? keyword(facet, "additionalItems") : items);
    return node === undefined ? [] : [node];
  });
}

/** Whether each position of a list has a meaning of its own: a tuple, or a list of one length alone. */
export function isPositional(facets: readonly SchemaObject[]): boolean {
  const isTuple = facets.some(
    (facet) => listOf(keyword(facet, "prefixItems")).length > 0 || listOf(keyword(facet, "items")).length > 0,
  );
  const least = facets.map((facet) => keyword(facet, "minItems")).filter((count) => count !== undefined);
  return isTuple || least.some((count) => facets.some((facet) => keyword(facet, "maxItems") === count));
}

/** The most entries that a list may have. */
export function maxEntries(facets: readonly SchemaObject[]): number {
  const limits = facets.map((facet) => keyword(facet, "maxItems"));
  return Math.min(...limits.map((limit) => (typeof limit === "number" ? limit : Infinity)), Infinity);
}
