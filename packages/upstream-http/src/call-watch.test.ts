import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type CallTimeout, CallWatch, type WatchTimers } from "./call-watch.js";

const timers = { connectMs: 300, firstTokenMs: 1_000, idleMs: 2_000, totalMs: 10_000 };

beforeEach(
  () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] }),
);
afterEach(() => void vi.useRealTimers());

/** A watch of a call whose connection is there, unless `dialling`. */
function start({ dialling = false, ...changes }: Partial<WatchTimers> & { dialling?: boolean } = {}) {
  const timeouts: CallTimeout[] = [];
  const watch = new CallWatch({ ...timers, ...changes }, (timeout) => timeouts.push(timeout));
  if (!dialling) watch.connected();
  return { watch, timeouts };
}

describe("a watch of a call", () => {
  test("cuts it when no token came in time, whatever else did", () => {
    const { watch, timeouts } = start();
    watch.waiting();
    vi.advanceTimersByTime(999);
    watch.alive();
    expect(timeouts).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(timeouts).toEqual(["first_token_timeout"]);
  });

  test("cuts it when no connection took it in time (F23)", () => {
    const { timeouts } = start({ dialling: true });
    vi.advanceTimersByTime(299);
    expect(timeouts).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(timeouts).toEqual(["connect_timeout"]);
  });

  test("lets an answer that comes in one piece take all of its time (F10)", () => {
    const { watch, timeouts } = start({ firstTokenMs: Infinity });
    watch.waiting();
    vi.advanceTimersByTime(9_990);
    expect(timeouts).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(timeouts).toEqual(["total_timeout"]);
  });

  test("counts silence from when somebody waits", () => {
    const { watch, timeouts } = start();
    watch.firstToken();
    vi.advanceTimersByTime(5_000);
    watch.waiting();
    vi.advanceTimersByTime(1_990);
    expect(timeouts).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(timeouts).toEqual(["idle_timeout"]);
  });

  test("cuts the silence before the end sooner", () => {
    const { watch, timeouts } = start();
    watch.firstToken();
    watch.waiting();
    watch.expectEnd(100);
    vi.advanceTimersByTime(110);
    expect(timeouts).toEqual(["idle_timeout"]);
  });

  test("cuts it at its total, tokens or not", () => {
    const { watch, timeouts } = start();
    watch.firstToken();
    for (let ms = 0; ms < 10_000; ms += 500) {
      expect(timeouts).toEqual([]);
      watch.waiting();
      vi.advanceTimersByTime(500);
      watch.alive();
    }
    vi.advanceTimersByTime(10);
    expect(timeouts).toEqual(["total_timeout"]);
  });

  test("leaves no timer once it is stopped, though a reader that is behind hears of tokens later", () => {
    const { watch, timeouts } = start();
    watch.stop();
    watch.firstToken();
    watch.expectEnd(10);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(20_000);
    expect(timeouts).toEqual([]);
  });
});
