import { describe, expect, it } from "vitest";
import { overloaded, WaitingRoom } from "./waiting-room.js";

function enter(room: WaitingRoom) {
  return room.enter({ signal: new AbortController().signal, leftMs: () => 60_000 });
}

describe("a waiting room", () => {
  it("has so many seats, and refuses at once who finds none", () => {
    const room = new WaitingRoom({ seats: 2, what: "acme" });
    const [first, second, third] = [enter(room), enter(room), enter(room)];
    first.sit(5_000);
    second.sit(5_000);
    expect(() => third.sit(5_000)).toThrow("acme: 2 calls wait already, and no more may");
    expect([first, second, third].map(({ waited }) => waited)).toEqual([true, true, false]);
    expect(room.waiting).toBe(2);
    third.leave();
    first.leave();
    expect(room.waiting).toBe(1);
    enter(room).sit(0);
  });

  it("gives a call one seat for its whole way", () => {
    const room = new WaitingRoom({ seats: 1, what: "acme" });
    const visit = enter(room);
    visit.sit(0);
    visit.sit(0);
    expect(room.waiting).toBe(1);
    visit.leave();
    expect(room.waiting).toBe(0);
  });

  it("lets nobody wait without a seat", () => {
    const room = new WaitingRoom({ seats: 0, what: "acme" });
    const visit = enter(room);
    expect(() => visit.sit(0)).toThrow(/wait already/);
    visit.leave();
    expect(room.waiting).toBe(0);
  });
});

describe("who is refused", () => {
  it.each([
    [0, 1_000],
    [1_001, 2_000],
    [3_600_000, 60_000],
  ])("and would have waited %i ms is to come back after %i ms", (expectedMs, retryAfterMs) => {
    expect(overloaded("no", expectedMs).error).toMatchObject({
      reason: "overloaded",
      retryable: true,
      retryAfterMs,
      blames: "nobody",
    });
  });
});
