import { create } from "@bufbuild/protobuf";
import { MessageSchema, Role } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import { takingTurns } from "./taking-turns.js";

const saying = (...texts: readonly string[]) =>
  create(MessageSchema, {
    role: Role.USER,
    parts: texts.map((value) => ({ content: { case: "text" as const, value } })),
  });

describe("F36: questions of a large conversation", () => {
  it.each([
    ["a long text", [saying("x".repeat(200_000))]],
    ["many parts", Array.from({ length: 100 }, () => saying(...Array<string>(40).fill("x")))],
  ])("go out a turn of the event loop apart: %s", async (_, messages) => {
    const wait = takingTurns(messages);
    if (wait === undefined) throw new Error("nobody waits");
    const asked: number[] = [];
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (asked.length < 5) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 5 }, () => wait().then(() => void asked.push(turns))));
    expect(asked[0]).toBe(0);
    expect(new Set(asked).size).toBe(5);
  });

  it("are others than those of an ordinary one, for which nobody waits", () => {
    expect(takingTurns([saying("What is 6 x 7?")])).toBeUndefined();
    expect(takingTurns([])).toBeUndefined();
  });
});
