import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextTrack } from "./text-track.js";

describe("TextTrack", () => {
  it("joins pieces and gives each out once", () => {
    const track = new TextTrack();
    track.push("a");
    track.push("b");
    expect(track.take()).toBe("ab");
    expect(track.take()).toBe("");
    track.push("c");
    track.end();
    expect(track.take()).toBe("c");
    expect(track.whole).toBe("abc");
  });

  it("is well-formed, and the same however its text is cut", () => {
    const anyText = fc.string({
      unit: fc.integer({ min: 0xd7f0, max: 0xe00f }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(40)), (text, cuts) => {
        const places = [
          0,
          ...cuts.filter((cut) => cut <= text.length).toSorted((a, b) => a - b),
          text.length,
        ];
        const track = new TextTrack();
        let given = "";
        for (const [index, end] of places.slice(1).entries()) {
          track.push(text.slice(places[index], end));
          given += track.take();
        }
        track.end();
        expect(track.whole).toBe(text.toWellFormed());
        expect(given + track.take()).toBe(track.whole);
      }),
      { seed: 14, numRuns: 300 },
    );
  });
});
