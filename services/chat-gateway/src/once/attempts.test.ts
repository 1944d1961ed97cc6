import { createGate } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.js";
import { createAttempts } from "./attempts.js";
import { createBackground } from "./background.js";
import type { Told } from "./told.js";

const told: Told = {
  response: { status: 200, type: "application/json", body: "42" },
  isKept: true,
  isAnswer: true,
};

function start() {
  const clock = createManualClock();
  const background = createBackground(new Error("the process ends"));
  const answering = createGate();
  const signals: AbortSignal[] = [];
  const work = async (signal: AbortSignal): Promise<Told> => {
    signals.push(signal);
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve());
    });
    await Promise.race([answering.opened, stopped]);
    return told;
  };
  return { clock, background, answering, signals, work, attempts: createAttempts({ clock, background }) };
}

describe("an attempt", () => {
  it("is joined while it goes on, by its name alone", async () => {
    const { attempts, work, answering, signals } = start();
    const { signal } = new AbortController();
    const first = attempts.begin("a", signal, work);
    const joined = attempts.join("a", signal);
    expect(attempts.join("b", signal)).toBeUndefined();
    answering.open();
    expect(await Promise.all([first, joined])).toEqual([told, told]);
    expect(attempts.join("a", signal)).toBeUndefined();
    expect(signals).toHaveLength(1);
  });

  it("is given up a moment after its last caller has left", async () => {
    const { attempts, clock, work, signals } = start();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = attempts.begin("a", one.signal, work);
    void attempts.join("a", other.signal);
    one.abort();
    expect(clock.waiting).toBe(0);
    other.abort();
    clock.fire(799);
    expect([clock.waiting, signals[0]?.aborted]).toEqual([1, false]);
    clock.fire(800);
    expect(signals[0]?.aborted).toBe(true);
    expect(attempts.join("a", one.signal)).toBeUndefined();
    await first;
  });

  it("goes on when somebody joins it within that moment", async () => {
    const { attempts, clock, work, answering, signals } = start();
    const one = new AbortController();
    const first = attempts.begin("a", one.signal, work);
    one.abort();
    const joined = attempts.join("a", new AbortController().signal);
    expect(clock.waiting).toBe(0);
    answering.open();
    expect(await joined).toEqual(told);
    expect(signals[0]?.aborted).toBe(false);
    await first;
  });

  it("leaves no timer behind, whenever its callers leave", async () => {
    const { attempts, clock, work, answering } = start();
    const caller = new AbortController();
    const first = attempts.begin("a", caller.signal, work);
    answering.open();
    await first;
    caller.abort();
    expect(clock.waiting).toBe(0);
  });

  it("ends with the process, and says why", async () => {
    const { attempts, background, work, signals } = start();
    const first = attempts.begin("a", new AbortController().signal, work);
    background.end();
    await first;
    expect(signals[0]?.reason).toEqual(new Error("the process ends"));
    await attempts.begin("b", new AbortController().signal, work);
    expect(signals[1]?.aborted).toBe(true);
  });
});
