import { asObject } from "../providers/openai-dialect/json.js";

/** Collects fields that arrive in pieces: lists are joined, objects get each other's members, anything else is replaced. */
export class ExtraFields {
  readonly #whole = new Map<string, unknown>();
  readonly #fresh = new Map<string, unknown>();

  /** Adds fields. */
  push(fields: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(fields)) {
      for (const collected of [this.#whole, this.#fresh]) add(collected, name, value);
    }
  }

  /** Whether there is a field of this name. */
  has(name: string): boolean {
    return this.#whole.has(name);
  }

  /** Everything so far as a JSON object in text; empty when there is nothing. */
  wholeJson(): string {
    return toJson(this.#whole);
  }

  /** What was added since the last time, as `wholeJson`. */
  takeJson(): string {
    const json = toJson(this.#fresh);
    this.#fresh.clear();
    return json;
  }
}

function add(collected: Map<string, unknown>, name: string, value: unknown): void {
  const before = collected.get(name);
  if (Array.isArray(value)) {
    if (Array.isArray(before)) before.push(...value);
    else collected.set(name, [...value]);
    return;
  }
  const [members, more] = [asObject(before), asObject(value)];
  collected.set(name, members === undefined || more === undefined ? value : { ...members, ...more });
}

function toJson(fields: ReadonlyMap<string, unknown>): string {
  return fields.size === 0 ? "" : JSON.stringify(Object.fromEntries(fields)).toWellFormed();
}
