import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { SynodError } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { Mailbox } from "../mailbox.js";
import { read, requestOf, roundOf, says } from "../testing/house.js";

describe("what members write", () => {
  test("comes before their answers, each piece once, and the answers are whole", async () => {
    const { rounds, asked } = roundOf(({ model }) => ({ text: [`${model} says `, "Answer: ", "42"] }));
    const { words, responses } = await read(rounds.runRound(requestOf(["a", "b"], { streamText: true })));
    for (const member of [0, 1]) {
      const own = responses.filter(
        ({ event }) => event.case === "delta" && event.value.voter?.member === member,
      );
      const text = own.map(({ event }) => (event.case === "delta" ? event.value.text : "")).join("");
      expect(text).toBe(`${member === 0 ? "a" : "b"} says Answer: 42`);
      const last = words.findLastIndex((word) => word.startsWith(`delta ${member}/1`));
      expect(last).toBeLessThan(words.indexOf(`answered ${member}/1`));
    }
    expect(words.at(-1)).toBe("ended COMPLETE");
    expect(asked.map(({ streamed }) => streamed)).toEqual([true, true]);
  });

  test("is not sent when nobody asked for it", async () => {
    const { rounds, asked } = roundOf(() => ({ text: ["Answer: ", "42"] }));
    const { words } = await read(rounds.runRound(requestOf(["a", "b"])));
    expect(words).toHaveLength(3);
    expect(asked.map(({ streamed }) => streamed)).toEqual([false, false]);
  });

  test("F7: a member that breaks off after its first words has failed, and is not asked again", async () => {
    const error = new SynodError({ reason: "upstream_error", message: "it broke off" });
    const { rounds, asked } = roundOf(({ model }) =>
      model === "a" ? { text: "Answ", then: { error } } : says("42"),
    );
    const { words } = await read(rounds.runRound(requestOf(["a", "b", "c"], { streamText: true })));
    expect(words).toContain("delta 0/1 Answ");
    expect(words).toContain("failed 0/1");
    expect(words.at(-1)).toBe("ended COMPLETE");
    expect(asked).toHaveLength(3);
  });

  test("nothing more comes of a member that was stopped, and its call is cancelled", async () => {
    const { rounds, asked } = roundOf(({ model }) =>
      model === "a" ? { text: "thinking", then: "hang" } : says("42"),
    );
    const request = requestOf(["a", "b", "c"], { streamText: true, grace: durationFromMs(20) });
    const { words } = await read(rounds.runRound(request));
    expect(words.slice(-2)).toEqual(["cancelled 0/1", "ended QUORUM"]);
    await eventually(() => asked[0]?.state === "aborted");
    expect(asked).toHaveLength(3);
  });

  test("of a hedged member is told for both models", async () => {
    const gate = createGate();
    const { rounds, asked } = roundOf(async ({ model }) => {
      if (model !== "slow") return says("42");
      await gate.opened;
      return says("41");
    });
    const members = [{ model: "slow", fallbacks: ["quick"] }];
    const hedge = { case: "hedgeAfter", value: durationFromMs(20) } as const;
    const { responses } = await read(rounds.runRound(requestOf([], { members, hedge, streamText: true })));
    gate.open();
    const written = responses.flatMap(({ event }) =>
      event.case === "delta" ? [`${event.value.model} ${event.value.text}`] : [],
    );
    expect(written).toEqual(["quick Answer: 42"]);
    expect(asked).toHaveLength(2);
  });
});

test("the mailbox tells what was added last as long as nobody has read it", async () => {
  const mailbox = new Mailbox<string>();
  expect(mailbox.last).toBeUndefined();
  mailbox.push("a");
  expect(mailbox.last).toBe("a");
  const reader = mailbox.read();
  expect((await reader.next()).value).toBe("a");
  expect(mailbox.last).toBeUndefined();
});
