import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { awaitSignal, type ProcessControl } from "./await-signal.js";
import { runUntilSignal } from "./run-until-signal.js";
import { createGate } from "./testing/gate.js";
import { createRecorder } from "./testing/recorder.js";
import { until } from "./testing/until.js";

function listen(control: ProcessControl = {}) {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const exit = (code: number) => void exits.push(code);
  return { signals, exits, stop: awaitSignal({ signals, exit, launcherGone: false, ...control }) };
}

function start(...dispose: (() => Promise<void>)[]) {
  const { signals, exits, stop } = listen();
  const { logger, entries } = createRecorder();
  const parts = dispose.map((each) => ({ [Symbol.asyncDispose]: each }));
  const defects = new EventEmitter();
  const done = runUntilSignal(parts, logger, { stop, defects });
  return { signals, defects, exits, entries, done };
}

describe("runUntilSignal", () => {
  it.each(["SIGTERM", "SIGINT", "disconnect"])(
    "disposes one after another at %s, then exits with 0",
    async (signal) => {
      const order: string[] = [];
      const { signals, exits, done } = start(
        async () => {
          await Promise.resolve();
          order.push("server");
        },
        async () => void order.push("transport"),
      );
      signals.emit(signal, signal);
      await done;
      expect([order, exits]).toEqual([["server", "transport"], [0]]);
      expect(signals.eventNames()).toEqual([]);
    },
  );

  it("F62: goes on when a promise is left rejected, and says so", async () => {
    const { signals, defects, exits, entries, done } = start();
    defects.emit("unhandledRejection", new Error("forgotten"));
    expect(exits).toEqual([]);
    expect(entries.at(-1)).toMatchObject({ level: "error", err: { message: "forgotten" } });
    signals.emit("SIGTERM", "SIGTERM");
    await done;
    expect(exits).toEqual([0]);
    expect(defects.eventNames()).toEqual([]);
  });

  it("F62: stops in order when something is thrown that nobody catches, and exits with 1", async () => {
    let disposed = false;
    const { defects, exits, entries, done } = start(async () => void (disposed = true));
    defects.emit("uncaughtException", new Error("thrown"));
    await done;
    expect([disposed, exits]).toEqual([true, [1]]);
    expect(entries).toContainEqual(expect.objectContaining({ level: "fatal" }));
  });

  it("trap 12: takes the same signal, sent again by npm, for one", async () => {
    const gate = createGate();
    let stopping = false;
    const { signals, exits, done } = start(() => {
      stopping = true;
      return gate.opened;
    });
    signals.emit("SIGINT", "SIGINT");
    await until("it is stopping", () => stopping);
    signals.emit("SIGINT", "SIGINT");
    gate.open();
    await done;
    expect(exits).toEqual([0]);
  });

  it("exits with 1 at a second signal a while later", async () => {
    let stopping = false;
    const { signals, exits } = start(() => {
      stopping = true;
      return new Promise(() => undefined);
    });
    signals.emit("SIGTERM", "SIGTERM");
    await until("it is stopping", () => stopping);
    const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_500);
    signals.emit("SIGTERM", "SIGTERM");
    clock.mockRestore();
    expect(exits).toEqual([1]);
  });

  it("exits with 1 when stopping fails, and logs why", async () => {
    const { signals, exits, entries, done } = start(() => Promise.reject(new Error("stuck")));
    signals.emit("SIGTERM", "SIGTERM");
    await done;
    expect(exits).toEqual([1]);
    expect(JSON.stringify(entries)).toContain("stuck");
  });

  it.each([
    ["SIGTERM", { launcherGone: false }],
    ["disconnect", { launcherGone: true }],
  ])("exits with 0 when %s came before it was ready", async (reason, control) => {
    const { signals, exits, stop } = listen(control);
    if (!control.launcherGone) {
      signals.emit("SIGTERM", "SIGTERM");
      signals.emit("SIGTERM", "SIGTERM");
    }
    expect(exits).toEqual([]);
    const { logger, entries } = createRecorder();
    let disposed = 0;
    await runUntilSignal({ [Symbol.asyncDispose]: async () => void disposed++ }, logger, { stop });
    expect([disposed, exits]).toEqual([1, [0]]);
    expect(JSON.stringify(entries)).toContain(reason);
  });
});
