import { describe, expect, it } from "vitest";
import {
  answered,
  aggregated,
  failed,
  finished,
  roundEnded,
  roundStarted,
  specOf,
  started,
  stopped,
} from "../testing/run-events.js";
import { createScreen } from "../testing/screen.js";
import { createLiveView } from "./live-view.js";

/** A live view on a terminal, with a clock that a test moves. */
function viewOn(columns = 80, rows = 24) {
  const screen = createScreen(columns, rows);
  let nowMs = 0;
  let tick = (): void => undefined;
  let timers = 0;
  const view = createLiveView({
    out: screen,
    model: "synod/default",
    now: () => nowMs,
    every(_ms, task) {
      tick = task;
      timers += 1;
      return () => (timers -= 1);
    },
  });
  const pass = (ms: number): void => {
    nowMs += ms;
    tick();
  };
  return { screen, view, pass, timers: () => timers };
}

describe("the live view", () => {
  it("shows who is asked, who answered, failed and was stopped, and how long it takes", () => {
    const { screen, view, pass, timers } = viewOn();
    expect(screen.lines()).toEqual(["asking synod/default · 0 ms"]);
    view.event(started());
    view.event(roundStarted(3));
    pass(500);
    expect(screen.lines()).toEqual([
      "synod/default · synthesis · round 1 of 1",
      "  / sim/a  500 ms",
      "  / sim/b  500 ms",
      "  / sim/c  500 ms",
      "0/3 answered · 500 ms",
    ]);
    view.event(answered(1, "It is 42."));
    view.event(failed(0, "HTTP 503"));
    pass(1_000);
    expect(screen.lines()).toEqual([
      "synod/default · synthesis · round 1 of 1",
      "  ✗ sim/a  HTTP 503  200 ms",
      "  ✓ sim/b  42  1.2 s",
      "  - sim/c  1.5 s",
      "1/3 answered, 1 failure · 1.5 s",
    ]);
    view.event(stopped(2));
    view.event(roundEnded(1));
    expect(screen.lines().slice(3)).toEqual([
      "  · sim/c  stopped  900 ms",
      "1/3 answered, 1 failure · aggregating with sim/writer · 1.5 s",
    ]);
    view.text("It is ");
    view.text("42.");
    pass(700);
    view.event(aggregated("42", 1));
    view.event(finished);
    view.end();
    screen.write("agreement 100 %\n");
    expect(screen.lines()).toEqual([
      "synod/default · synthesis · round 1 of 1",
      "  ✗ sim/a  HTTP 503  200 ms",
      "  ✓ sim/b  42  1.2 s",
      "  · sim/c  stopped  900 ms",
      "1/3 answered, 1 failure · 1.5 s",
      "",
      "It is 42.",
      "",
      "agreement 100 %",
    ]);
    expect(timers()).toBe(0);
  });

  it("begins a round anew in the same place", () => {
    const { screen, view, pass } = viewOn();
    view.event(started(specOf({ rounds: { max: 2, stopWhen: "never" }, askFirst: 2 })));
    view.event(roundStarted(2));
    view.event(answered(0, "41"));
    expect(screen.lines()[3]).toBe("  · sim/c  not asked");
    view.event({ type: "rest_asked", round: 1, voters: 1 });
    view.event(answered(1, "42"));
    view.event(answered(2, "42"));
    view.event(roundEnded(3));
    view.event(aggregated("42", 2 / 3));
    pass(1_000);
    view.event(roundStarted(3, 2));
    pass(100);
    expect(screen.lines()).toEqual([
      "synod/default · synthesis · round 2 of 2",
      "  - sim/a  100 ms",
      "  - sim/b  100 ms",
      "  - sim/c  100 ms",
      "0/3 answered · 1.1 s",
    ]);
  });

  it("fits into a narrow, low terminal", () => {
    const { screen, view } = viewOn(30, 6);
    view.event(started());
    view.event(roundStarted(3));
    view.event(answered(0, "A very long answer that nobody can read in thirty columns, as it goes on."));
    view.event(answered(1, "a\x1b[2Jb\n中文中文中文中文中文中文中文中文中文中文"));
    expect(screen.lines().length).toBe(5);
    for (const line of screen.lines()) expect(line.length).toBeLessThan(30);
    expect(screen.lines()[3]).toBe("  and 1 more");
    expect(screen.written()).not.toContain("\x1b[2J");
  });

  it("leaves nothing of itself above the answer of one model, whose control characters it shows", () => {
    const { screen, view, pass } = viewOn();
    pass(100);
    view.text("\x1b]0;owned\x07It is\r");
    view.text("\n42.\n");
    view.end();
    screen.write("15 tokens\n");
    expect(screen.lines()).toEqual(["\\x1b]0;owned\\x07It is", "42.", "", "15 tokens"]);
  });

  it("leaves the panel where the run failed, and nothing where it never began", () => {
    const { screen, view, timers } = viewOn();
    view.event(started());
    view.event(roundStarted(3));
    view.end();
    expect(screen.lines().slice(1)).toEqual([
      "  · sim/a  stopped",
      "  · sim/b  stopped",
      "  · sim/c  stopped",
      "0/3 answered · 0 ms",
    ]);
    expect(timers()).toBe(0);
    const never = viewOn();
    never.view.end();
    expect(never.screen.lines()).toEqual([]);
  });
});
