const MAX_DEPTH = 8;

/**
 * An answer in the shape that `response_format` asks for, or undefined when it asks for none: `{"answer": …}`, or an
 * instance of the schema.
 */
export function shapedAnswer(
  responseFormat: Readonly<Record<string, unknown>> | undefined,
  answer: string,
): string | undefined {
  if (responseFormat?.["type"] === "json_object") return JSON.stringify({ answer });
  if (responseFormat?.["type"] !== "json_schema") return undefined;
  return JSON.stringify(instance(field(responseFormat["json_schema"], "schema"), answer));
}

/** An instance of a JSON Schema whose text and number fields hold the answer. Every member that it names is there. */
export function instance(schema: unknown, answer: string): unknown {
  return valueOf(schema, { root: schema, answer }, 0);
}

interface Filling {
  /** The whole schema, which `$ref` refers to. */
  readonly root: unknown;
  readonly answer: string;
}

function valueOf(written: unknown, filling: Filling, depth: number): unknown {
  const schema = resolved(written, filling);
  const { answer } = filling;
  const options = field(schema, "enum");
  if (Array.isArray(options)) return chosen(options, answer);
  const fixed = field(schema, "const");
  if (fixed !== undefined) return fixed;
  const alternatives = field(schema, "anyOf") ?? field(schema, "oneOf");
  if (Array.isArray(alternatives)) return valueOf(fitting(alternatives, filling), filling, depth);
  const type = field(schema, "type");
  switch (Array.isArray(type) ? type[0] : type) {
    case "string":
      return answer;
    case "integer":
      return Math.trunc(numeric(answer));
    case "number":
      return numeric(answer);
    case "boolean":
      return /^(?:yes|true)$/i.test(answer);
    case "array":
      return listOf(schema, filling, depth);
    case "null":
      return null;
    default:
      return depth < MAX_DEPTH ? properties(schema, filling, depth) : {};
  }
}

/** What a schema means that refers to another place in the whole, or that is a list of one that must hold. */
function resolved(schema: unknown, { root }: Filling): unknown {
  let current = schema;
  for (let steps = 0; steps < MAX_DEPTH; steps++) {
    const ref = field(current, "$ref");
    const all = field(current, "allOf");
    if (typeof ref === "string" && ref.startsWith("#")) {
      current = ref
        .split("/")
        .slice(1)
        .reduce((node, part) => field(node, part.replaceAll("~1", "/").replaceAll("~0", "~")), root);
    } else if (Array.isArray(all) && all.length === 1) current = all[0];
    else break;
  }
  return current;
}

/** The alternative that has room for the answer: not null, where there is another; a number for a number. */
function fitting(alternatives: readonly unknown[], filling: Filling): unknown {
  const types = alternatives.map((alternative) => field(resolved(alternative, filling), "type"));
  const isNumber = /^-?[\d,]+(?:\.\d+)?$/.test(filling.answer);
  const wanted = isNumber ? ["number", "integer"] : ["string"];
  const at = types.findIndex((type) => wanted.includes(String(type)));
  return alternatives[at >= 0 ? at : types.findIndex((type) => type !== "null")];
}

function chosen(options: readonly unknown[], answer: string): unknown {
  const same = (option: unknown): boolean => String(option).toLowerCase() === answer.toLowerCase();
  return options.find(same) ?? options[0] ?? null;
}

function listOf(schema: unknown, filling: Filling, depth: number): unknown[] {
  if (depth >= MAX_DEPTH) return [];
  const places = field(schema, "prefixItems");
  if (Array.isArray(places)) return places.map((place) => valueOf(place, filling, depth + 1));
  return [valueOf(field(schema, "items"), filling, depth + 1)];
}

function properties(schema: unknown, filling: Filling, depth: number): Record<string, unknown> {
  const given = field(schema, "properties");
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).map(([name, inner]) => [name, valueOf(inner, filling, depth + 1)]),
  );
}

function numeric(answer: string): number {
  const value = Number(/-?\d+(?:\.\d+)?/.exec(answer.replaceAll(",", ""))?.[0]);
  return Number.isFinite(value) ? value : 0;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
