import { describe, expect, it } from "vitest";
import { findJsonExcess } from "./json-excess.js";

const excessOf = (text: string): string | null => findJsonExcess(Buffer.from(text));

describe("findJsonExcess", () => {
  it("finds nothing in an ordinary body", () => {
    expect(excessOf('{"a":[1,2,{"b":"c"}],"d":"[[[[{{{{,,,,::::"}')).toBeNull();
  });

  it("F36: finds what is nested too deeply, at 65 levels and at 100,000", () => {
    expect(excessOf(`${"[".repeat(64)}${"]".repeat(64)}`)).toBeNull();
    expect(excessOf("[".repeat(65))).toMatch(/64 levels/);
    expect(excessOf('{"a":'.repeat(100_000))).toMatch(/64 levels/);
  });

  it("F36: finds too many fields", () => {
    expect(excessOf(`{${'"a":1,'.repeat(60_000)}"a":1}`)).toMatch(/100000 fields/);
  });

  it("does not look into texts, whatever quotes are escaped in them", () => {
    expect(excessOf(`{"a":"${'\\"['.repeat(100)}"}`)).toBeNull();
    expect(excessOf(`{"a":"\\\\","b":${"[".repeat(64)}`)).toMatch(/64 levels/);
    expect(excessOf(`{"a":"\\\\\\"${"[".repeat(70)}"}`)).toBeNull();
  });

  it("ends with a text that has no end", () => {
    expect(excessOf(`{"a":"${"[".repeat(100)}`)).toBeNull();
  });
});
