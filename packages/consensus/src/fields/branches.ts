import type { Json } from "../json/json.js";
import { readJson } from "../json/read-json.js";
import { jsonKey } from "../json/write-json.js";
import { expanded, isObject, keyword, listOf, type SchemaObject } from "../schema/schema.js";
import { typesOf } from "./hints.js";
import { type Entry, type Merging, plurality, type Plurality } from "./merging.js";

/** What is left to merge once the voters chose between alternatives of a schema. */
export interface Chosen extends Plurality<Entry> {
  /** All schema objects that hold for what is left. */
  readonly facets: readonly SchemaObject[];
}

/**
 * Votes between the alternatives of `anyOf` and `oneOf`, one after the other: values of different alternatives must not
 * be mixed. A value belongs to the first alternative that it looks like.
 */
export function chooseBranches(
  entries: readonly Entry[],
  nodes: readonly unknown[],
  { schema, count }: Pick<Merging, "schema" | "count">,
): Chosen {
  let facets = expanded(nodes, schema);
  count(facets.length);
  let left = entries;
  let tieBroken = false;
  const done = new Set<SchemaObject>();
  for (let next = facets[0]; next !== undefined; next = facets.find((facet) => !done.has(facet))) {
    done.add(next);
    for (const name of ["anyOf", "oneOf"]) {
      const branches = listOf(keyword(next, name)).map((branch) => expanded([branch], schema));
      if (branches.length === 0) continue;
      count(branches.length);
      const branchOf = left.map(({ json }) => branches.findIndex((branch) => looksLike(json, branch, count)));
      const chosen = plurality(left, (_, index) => String(branchOf[index]));
      const [first] = chosen.winners;
      const branch = first === undefined ? [] : (branches[branchOf[left.indexOf(first)] ?? -1] ?? []);
      left = chosen.winners;
      tieBroken ||= chosen.tieBroken;
      facets = [...new Set([...facets, ...branch])];
    }
  }
  return { winners: left, facets, tieBroken };
}

type Count = Merging["count"];

/** Whether a value can be meant by a schema, as far as its type, its members' names and its fixed values tell. */
function looksLike(json: Json, facets: readonly SchemaObject[], count: Count): boolean {
  return facets.every((facet) => {
    const types = typesOf(facet);
    const type = json.type === "number" ? ["number", "integer"] : [json.type];
    count(1 + types.length);
    if (types.length > 0 && !type.some((name) => types.includes(name))) return false;
    return (
      isAllowed(json, facet, count) && (json.type !== "object" || hasMembers(json.members, facet, count))
    );
  });
}

function hasMembers(members: ReadonlyMap<string, Json>, facet: SchemaObject, count: Count): boolean {
  const properties = keyword(facet, "properties");
  const isClosed = keyword(facet, "additionalProperties") === false;
  const required = listOf(keyword(facet, "required"));
  count(required.length + members.size);
  return (
    required.every((name) => members.has(String(name))) &&
    [...members].every(([name, value]) => {
      const node = keyword(properties, name);
      return node === undefined ? !isClosed : !isObject(node) || isAllowed(value, node, count);
    })
  );
}

/** Whether a value is among those that `enum` and `const` allow. */
function isAllowed(json: Json, facet: SchemaObject, count: Count): boolean {
  const options = keyword(facet, "enum");
  const only = keyword(facet, "const");
  const allowed = [...(Array.isArray(options) ? [options] : []), ...(only === undefined ? [] : [[only]])];
  if (allowed.length === 0) return true;
  const key = jsonKey(json);
  return allowed.every((list) => {
    count(list.length);
    return list.some((option) => key === keyOfData(option));
  });
}

function keyOfData(value: unknown): string {
  const json = readJson(JSON.stringify(value));
  return json === null ? "" : jsonKey(json);
}
