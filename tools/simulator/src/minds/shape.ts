const MAX_DEPTH = 8;

/**
 * An answer in the shape that `response_format` asks for, or undefined when it asks for none: `{"answer": …}`, or an
 * instance of the schema whose text and number fields hold the answer.
 */
export function shapedAnswer(
  responseFormat: Readonly<Record<string, unknown>> | undefined,
  answer: string,
): string | undefined {
  if (responseFormat?.["type"] === "json_object") return JSON.stringify({ answer });
  if (responseFormat?.["type"] !== "json_schema") return undefined;
  const schema = field(responseFormat["json_schema"], "schema");
  return JSON.stringify(instance(schema, answer, 0));
}

function instance(schema: unknown, answer: string, depth: number): unknown {
  const options = field(schema, "enum");
  if (Array.isArray(options)) return options.includes(answer) ? answer : (options[0] ?? null);
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
      return depth < MAX_DEPTH ? [instance(field(schema, "items"), answer, depth + 1)] : [];
    case "null":
      return null;
    default:
      return depth < MAX_DEPTH ? properties(schema, answer, depth) : {};
  }
}

function properties(schema: unknown, answer: string, depth: number): Record<string, unknown> {
  const given = field(schema, "properties");
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).map(([name, inner]) => [name, instance(inner, answer, depth + 1)]),
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
