import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { membersOf, objectText, rawMembers } from "./raw-json.js";

describe("the members of a JSON object", () => {
  it.each(["[]", "1", "null", "", "{", '"{}"', '{"a":}', '{"a":1}}'])("are none of %s", (text) => {
    expect(rawMembers(text)).toBeUndefined();
  });

  it("make the same object again, whatever it holds and however it is indented", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (object, indent) => {
        const members = rawMembers(JSON.stringify(object, null, indent)) ?? [];
        expect(JSON.parse(objectText(members))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
      { seed: 1 },
    );
  });

  it("of an object leave out what is undefined", () => {
    expect(objectText(membersOf({ a: undefined, b: null, c: "x" }))).toBe('{"b":null,"c":"x"}');
  });
});
