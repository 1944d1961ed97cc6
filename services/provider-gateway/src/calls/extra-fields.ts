/** Collects fields that arrive in pieces: lists are joined, anything else is replaced. */
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
  if (!Array.isArray(value)) collected.set(name, value);
  else if (Array.isArray(before)) before.push(...value);
  else collected.set(name, [...value]);
}

function toJson(fields: ReadonlyMap<string, unknown>): string {
  return fields.size === 0 ? "" : JSON.stringify(Object.fromEntries(fields)).toWellFormed();
}
