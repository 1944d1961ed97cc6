import { describe, expect, test } from "vitest";
import { anyText, fc } from "../testing/seeded.js";
import { readJson } from "./read-json.js";
import { jsonKey, jsonText, plainJson } from "./write-json.js";

const keyOf = (text: string): string | null => {
  const json = readJson(text);
  return json === null ? null : jsonKey(json);
};

describe("reading", () => {
  test("what JSON.parse reads is read as the same value, and written back", () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), fc.nat(4), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent);
        const json = readJson(` ${written}\n`);
        if (json === null) throw new Error("it is JSON");
        expect(JSON.stringify(plainJson(json))).toBe(JSON.stringify(JSON.parse(text)));
        expect(JSON.parse(jsonText(json))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test("anything else is nothing", () => {
    for (const text of ["", "{", "{'a': 1}", "[1,]", "NaN", "01", '{"a":1} x', "\u0000"])
      expect(readJson(text)).toBeNull();
    fc.assert(
      fc.property(anyText, (text) => {
        let isJson = true;
        try {
          JSON.parse(text.trim());
        } catch {
          isJson = false;
        }
        expect(readJson(text) !== null).toBe(isJson);
      }),
    );
  });

  test("F36: too deep, too many or too long is nothing, however it is written", () => {
    expect(readJson("[".repeat(64) + "]".repeat(64))).not.toBeNull();
    expect(readJson("[".repeat(65) + "]".repeat(65))).toBeNull();
    expect(readJson("[".repeat(200_000) + "]".repeat(200_000))).toBeNull();
    expect(readJson(JSON.stringify("[".repeat(100)))).not.toBeNull();
    expect(readJson(JSON.stringify(Array.from({ length: 9_000 }, () => 0)))).not.toBeNull();
    expect(readJson(JSON.stringify(Array.from({ length: 10_001 }, () => 0)))).toBeNull();
    expect(readJson(JSON.stringify("x".repeat(1_000_000)))).toBeNull();
  });

  test("F36: names that mean something to JavaScript are names", () => {
    const text = '{"__proto__":{"a":1},"constructor":2,"toString":3}';
    const json = readJson(text);
    if (json === null) throw new Error("it is JSON");
    expect(jsonText(json)).toBe(text);
    expect(Object.keys(plainJson(json) as object)).toEqual(["__proto__", "constructor", "toString"]);
    expect("a" in (plainJson(json) as object)).toBe(false);
  });

  test("the last of members with the same name counts", () => {
    expect(keyOf('{"a":1,"a":2}')).toBe('{"a":2}');
  });
});

describe("keys", () => {
  test("do not depend on the order of members, on white space or on how a number is written", () => {
    expect(keyOf('{"b": [1.0, 2e2, -0], "a": "\\u0041"}')).toBe('{"a":"A","b":[1,200,0]}');
    expect(keyOf("1e1")).toBe(keyOf("10.00"));
  });

  test("numbers beyond 2^53 that differ have keys that differ", () => {
    expect(keyOf("9007199254740993")).not.toBe(keyOf("9007199254740992"));
    expect(keyOf('{"id":123456789012345678901}')).toBe('{"id":123456789012345678901}');
    expect(keyOf("1e999")).toBe("1e999");
  });

  test("are JSON themselves, and their own keys", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const key = keyOf(text) ?? "";
        expect(keyOf(key)).toBe(key);
        expect(JSON.parse(key)).toEqual(JSON.parse(text));
      }),
    );
  });
});
