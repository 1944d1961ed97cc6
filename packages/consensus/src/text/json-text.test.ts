import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemTexts, memberTexts, objectText } from "./json-text.js";

describe("the members of a JSON object", () => {
  it("keep their values byte for byte", () => {
    const text =
      ' { "big" : 12345678901234567890 ,\n"deep":[ {"a":1.0e0}, "}]," ],"q\\"\\\\":"\\\\","e":{}} ';
    expect([...memberTexts(text)]).toEqual([
      ["big", "12345678901234567890"],
      ["deep", '[ {"a":1.0e0}, "}]," ]'],
      ['q"\\', '"\\\\"'],
      ["e", "{}"],
    ]);
  });

  it("count once, the last time that they stand there", () => {
    expect([...memberTexts('{"a":1,"b":2,"\\u0061":3}')]).toEqual([
      ["a", "3"],
      ["b", "2"],
    ]);
  });

  it("make the same object again", () => {
    const written = '{"a":1.0,"b\\n":[ {} ]}';
    expect(objectText(memberTexts(written))).toBe(written);
    expect(objectText(memberTexts(" { } "))).toBe("{}");
  });
});

describe("the items of a JSON list", () => {
  it("are what was written between the commas", () => {
    expect(itemTexts(' [ 1.0 , "a,]\\"" ,\n{"b":[1, 2]},[],null ] ')).toEqual([
      "1.0",
      '"a,]\\""',
      '{"b":[1, 2]}',
      "[]",
      "null",
    ]);
    expect(itemTexts(" [ ] ")).toEqual([]);
  });

  it("make the same list again, whatever it holds and however it is indented", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(3), (list, indent) => {
        const items = itemTexts(JSON.stringify(list, null, indent));
        expect(items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(list)));
      }),
      { seed: 1 },
    );
  });
});
