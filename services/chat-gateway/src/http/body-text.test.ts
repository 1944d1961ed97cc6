import { describe, expect, it } from "vitest";
import { createBodyText } from "./body-text.js";

const written = `{
  "a": {"b": {"c": [ 1.0 ]}},
  "messages": [ {"role":"user","content":"x"}, {"content":[{"n": 1e2}, "]"], "images":[ ]} ]
}`;

describe("createBodyText", () => {
  it("cuts out what was written", () => {
    const text = createBodyText(written);
    expect(text.field("a", "b", "c")).toBe("[ 1.0 ]");
    expect(text.messageField(1, "images")).toBe("[ ]");
    expect(text.part(1, 0)).toBe('{"n": 1e2}');
    expect(text.part(1, 1)).toBe('"]"');
  });

  it("fails for what is not there", () => {
    const text = createBodyText(written);
    expect(() => text.field("z")).toThrow("the body's text has no z");
    expect(() => text.messageField(0, "images")).toThrow("images");
    expect(() => text.part(1, 2)).toThrow("messages[1].content[2]");
  });
});
