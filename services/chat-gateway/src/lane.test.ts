import { describe, expect, it } from "vitest";
import { createLane, type WaitingText } from "./lane.js";

const said = (member: number, text: string) => ({
  round: 1,
  voter: { member, sample: 1 },
  model: `m${member}`,
  text,
});
const wordOf = ({ voter, text, skippedChars }: WaitingText): string =>
  `${voter.member}:${text}${skippedChars > 0 ? `(-${skippedChars})` : ""}`;

/** A lane whose reader takes one message each time `read` is called. */
function slowLane(maxChars?: number) {
  const sent: string[] = [];
  let makeRoom = (): void => undefined;
  const lane = createLane<string>({
    toMessage: wordOf,
    ...(maxChars !== undefined && { maxChars }),
    send(message) {
      sent.push(message);
      return new Promise<void>((resolve) => {
        makeRoom = resolve;
      });
    },
  });
  const read = async (): Promise<void> => {
    makeRoom();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { lane, sent, read };
}

describe("a lane", () => {
  it("sends at once while there is room", () => {
    const sent: string[] = [];
    const lane = createLane<string>({ send: (message) => void sent.push(message), toMessage: wordOf });
    lane.add("begin");
    lane.text(said(0, "a"));
    lane.text(said(0, "b"));
    lane.text(said(1, "c"));
    lane.add("end");
    expect(sent).toEqual(["begin", "0:a", "0:b", "1:c", "end"]);
  });

  it("joins what waits, member by member, and keeps its order with the rest", async () => {
    const { lane, sent, read } = slowLane();
    for (const piece of ["a", "b", "c"]) {
      lane.text(said(0, piece));
      lane.text(said(1, piece.toUpperCase()));
    }
    lane.add("end");
    expect(sent).toEqual(["0:a"]);
    for (let message = 1; message < 4; message++) await read();
    expect(sent).toEqual(["0:a", "1:ABC", "0:bc", "end"]);
    lane.text(said(0, "d"));
    await read();
    expect(sent.at(-1)).toBe("0:d");
  });

  it("leaves out what is older where there is no room, and says how much", async () => {
    const { lane, sent, read } = slowLane(10);
    lane.add("begin");
    lane.text(said(0, "1234567"));
    lane.text(said(0, "89"));
    lane.text(said(0, "abc"));
    lane.text(said(1, "12345678"));
    lane.text(said(1, "xy"));
    await read();
    await read();
    await read();
    expect(sent).toEqual(["begin", "0:abc(-9)", "1:xy(-8)"]);
    lane.text(said(1, "z"));
    await read();
    expect(sent.at(-1)).toBe("1:z");
  });

  it("holds no more than it may, whatever comes", async () => {
    const { lane, sent, read } = slowLane(100);
    lane.add("begin");
    for (let piece = 0; piece < 1_000; piece++) lane.text(said(piece % 7, "x".repeat(piece % 50)));
    lane.flush();
    const texts = sent.slice(1);
    expect(texts).toHaveLength(7);
    expect(texts.join("").match(/x/g)?.length).toBeLessThanOrEqual(100);
    const skipped = texts.map((text) => Number(/-(\d+)/.exec(text)?.[1] ?? 0)).reduce((a, b) => a + b);
    const written = Array.from({ length: 1_000 }, (_, piece) => piece % 50).reduce((a, b) => a + b);
    expect(skipped + (texts.join("").match(/x/g)?.length ?? 0)).toBe(written);
    await read();
  });

  it("flushes without heeding the reader", () => {
    const { lane, sent } = slowLane();
    lane.add("begin");
    lane.text(said(0, "a"));
    lane.add("end");
    lane.flush();
    expect(sent).toEqual(["begin", "0:a", "end"]);
  });
});
