import { describe, expect, it } from "vitest";
import { createHolder, type OpenStream, type StreamListener } from "./holder.js";

const plan = { group: "a", url: "", model: "m", count: 3, atOnce: 2 };

function scripted(): { open: OpenStream; listeners: StreamListener[] } {
  const listeners: StreamListener[] = [];
  return { open: (_, listener) => void listeners.push(listener), listeners };
}

describe("createHolder", () => {
  it("opens no more at once than planned, and resolves when all have begun", async () => {
    const { open, listeners } = scripted();
    const holder = createHolder(open);
    const held = holder.hold(plan);
    expect(listeners).toHaveLength(2);
    listeners[0]?.events(1);
    await expect.poll(() => listeners.length).toBe(3);
    listeners[1]?.events(2);
    listeners[2]?.events(0);
    listeners[2]?.events(1);
    expect(await held).toEqual({ open: 3, events: 4, ended: 0, failed: 0 });
  });

  it("tells ends that are as they must be from others", async () => {
    const { open, listeners } = scripted();
    const holder = createHolder(open);
    const held = holder.hold({ ...plan, atOnce: 3 });
    listeners[0]?.events(1);
    listeners[0]?.ended();
    listeners[0]?.failed(new Error("too late to matter"));
    listeners[1]?.ended();
    listeners[2]?.failed(new Error("refused"));
    await held;
    expect(holder.heard("a")).toEqual({
      open: 0,
      events: 1,
      ended: 1,
      failed: 2,
      firstFailure: "ended without a token",
    });
    expect(holder.heard("b")).toMatchObject({ open: 0, events: 0 });
  });
});
