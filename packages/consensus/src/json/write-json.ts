import { canonicalDecimal } from "../answers/decimal.js";
import { objectText } from "../text/json-text.js";
import { compareText } from "../voting/stable-hash.js";
import type { Json } from "./json.js";

/** A value as JSON text: numbers as they were written, members in their order. */
export function jsonText(json: Json): string {
  switch (json.type) {
    case "object":
      return objectText(Array.from(json.members, ([name, value]) => [name, jsonText(value)] as const));
    case "array":
      return `[${json.items.map(jsonText).join(",")}]`;
    case "number":
      return json.text;
    case "string":
    case "boolean":
      return JSON.stringify(json.value);
    case "null":
      return "null";
    default:
      return json satisfies never;
  }
}

/** The one way to write a value: members sorted, `1.0` and `1e0` as `1`. Equal values have equal keys, exactly. */
export function jsonKey(json: Json): string {
  switch (json.type) {
    case "object": {
      const sorted = [...json.members].toSorted(([a], [b]) => compareText(a, b));
      return objectText(sorted.map(([name, value]) => [name, jsonKey(value)] as const));
    }
    case "array":
      return `[${json.items.map(jsonKey).join(",")}]`;
    case "number":
      return numberKey(json.text);
    case "string":
    case "boolean":
    case "null":
      return jsonText(json);
    default:
      return json satisfies never;
  }
}

/** A value as programs have it. Objects have no prototype, so that no name in them means anything else. */
export function plainJson(json: Json): unknown {
  switch (json.type) {
    case "object": {
      const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      for (const [name, value] of json.members) object[name] = plainJson(value);
      return object;
    }
    case "array":
      return json.items.map(plainJson);
    case "number":
      return Number(json.text);
    case "string":
    case "boolean":
      return json.value;
    case "null":
      return null;
    default:
      return json satisfies never;
  }
}

const WRITTEN = /^(?<minus>-?)(?<whole>\d+)(?:\.(?<fraction>\d+))?(?:[eE](?<exponent>[+-]?\d+))?$/;

/** Most numbers are written in this way already. */
const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/;

function numberKey(text: string): string {
  if (PLAIN.test(text)) return text;
  const { minus, whole = "0", fraction = "", exponent = "0" } = WRITTEN.exec(text)?.groups ?? {};
  return canonicalDecimal({ negative: minus === "-", whole, fraction, exponent: Number(exponent) }) ?? text;
}
