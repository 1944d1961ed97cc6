import { describe, expect, it } from "vitest";
import { ways } from "../testing/houses.js";
import { piece, question } from "../testing/questions.js";
import { settled } from "../testing/until.js";

describe.each(ways)("$name: pace", ({ name, open }) => {
  it("stops a producer whose reader has stopped, and loses nothing", async () => {
    const size = 65_536;
    const total = 400;
    let produced = 0;
    await using house = await open({
      async *streamCompletion() {
        for (; produced < total; produced += 1) yield piece("x".repeat(size));
      },
    });
    const iterator = house.client.streamCompletion(question("x"))[Symbol.asyncIterator]();
    await iterator.next();
    const ahead = await settled(() => produced);
    expect(ahead).toBeLessThan(name.startsWith("local") ? 3 : total / 2);
    let read = 1;
    while ((await iterator.next()).done !== true) read += 1;
    expect(read).toBe(total);
  });

  it("trap 11: the first message of a tight burst arrives before the last is made", async () => {
    const total = 2_000;
    let produced = 0;
    let turns = 0;
    await using house = await open({
      async *streamCompletion() {
        for (; produced < total; produced += 1) yield piece("x");
      },
    });
    const timer = setInterval(() => (turns += 1), 0);
    let producedAtFirst = -1;
    for await (const _ of house.client.streamCompletion(question("x"))) {
      if (producedAtFirst < 0) producedAtFirst = produced;
    }
    clearInterval(timer);
    expect(producedAtFirst).toBeLessThan(total / 2);
    expect(turns).toBeGreaterThan(0);
    expect(produced).toBe(total);
  });
});
