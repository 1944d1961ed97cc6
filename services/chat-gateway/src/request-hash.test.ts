import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, requestHash } from "./request-hash.js";

const chat = "/v1/chat/completions";

describe("the hash of a request", () => {
  it("is the same however the request is written", () => {
    const [written, again] = [
      '{"model":"synod/default","messages":[{"role":"user","content":"a\\u0062"}],"seed":1.0}',
      '{ "seed": 1, "messages": [{"content": "ab", "role": "user"}], "model": "synod/default" }',
    ].map((text) => requestHash(chat, JSON.parse(text)));
    expect(written).toBe(again);
    expect(written).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is another for every other value, order in a list, and route", () => {
    const hashes = [
      requestHash(chat, { a: [1, 2] }),
      requestHash(chat, { a: [2, 1] }),
      requestHash(chat, { a: ["1", 2] }),
      requestHash(chat, { a: null }),
      requestHash(chat, {}),
      requestHash(chat, { a: { b: 1 } }),
      requestHash(chat, { a: {}, b: 1 }),
      requestHash(chat, JSON.parse('{"__proto__":{"a":[1,2]}}')),
      requestHash("/v1/completions", { a: [1, 2] }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("tells any two JSON values apart, and no value from itself", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = canonicalJson(a) === canonicalJson(b);
        expect(JSON.parse(canonicalJson(a))).toEqual(JSON.parse(JSON.stringify(a)));
        expect(same).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
      }),
      { seed: 1 },
    );
  });
});

/** The same by another way: objects as lists of pairs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return {
    pairs: Object.entries(value)
      .map(([name, member]) => [name, sorted(member)])
      .toSorted(),
  };
}
