import { describe, expect, it } from "vitest";
import { Breaker, type Permit } from "./breaker.js";

function breakerAt(failures = 3, openMs = 1_000) {
  const clock = { now: 0 };
  const breaker = new Breaker({ failures, openMs, now: () => clock.now });
  const enter = (): Permit => {
    const permit = breaker.enter();
    if (permit === undefined) throw new Error("no call may pass");
    return permit;
  };
  const failTimes = (times: number): void => {
    for (let i = 0; i < times; i++) enter().failed();
  };
  return { breaker, clock, enter, failTimes };
}

describe("a breaker", () => {
  it("opens after failures in a row, not before", () => {
    const { breaker, enter, failTimes } = breakerAt();
    failTimes(2);
    enter().succeeded();
    failTimes(2);
    expect(breaker.state).toBe("closed");
    failTimes(1);
    expect(breaker.state).toBe("open");
    expect(breaker.enter()).toBeUndefined();
    expect(breaker.waitMs()).toBe(1_000);
  });

  it("lets one call try when its time is over, and closes when that succeeds", () => {
    const { breaker, clock, enter, failTimes } = breakerAt();
    failTimes(3);
    clock.now = 999;
    expect(breaker.enter()).toBeUndefined();
    clock.now = 1_000;
    const probe = enter();
    expect(breaker.state).toBe("half_open");
    expect(breaker.enter()).toBeUndefined();
    probe.succeeded();
    expect(breaker.state).toBe("closed");
    failTimes(2);
    expect(breaker.state).toBe("closed");
  });

  it("stays open as long again when the try fails", () => {
    const { breaker, clock, enter, failTimes } = breakerAt();
    failTimes(3);
    clock.now = 1_000;
    enter().failed();
    expect(breaker.state).toBe("open");
    expect(breaker.waitMs()).toBe(1_000);
  });

  it("lets another try at once when the one that tried left", () => {
    const { breaker, clock, enter, failTimes } = breakerAt();
    failTimes(3);
    clock.now = 1_000;
    enter().abandoned();
    expect(breaker.waitMs()).toBe(0);
    enter().succeeded();
    expect(breaker.state).toBe("closed");
  });

  it("does not hear calls that began before it opened, nor a permit twice", () => {
    const { breaker, clock, enter, failTimes } = breakerAt();
    const [late, lateToo] = [enter(), enter()];
    failTimes(3);
    late.succeeded();
    expect(breaker.state).toBe("open");
    clock.now = 500;
    lateToo.failed();
    expect(breaker.waitMs()).toBe(500);
    clock.now = 1_000;
    const probe = enter();
    probe.failed();
    probe.succeeded();
    expect(breaker.state).toBe("open");
  });

  it("lets older calls change nothing while one tries, nor after it ended", () => {
    const { breaker, clock, enter, failTimes } = breakerAt();
    const older = Array.from({ length: 4 }, () => enter());
    failTimes(3);
    clock.now = 1_000;
    const probe = enter();
    older[0]?.failed();
    older[1]?.succeeded();
    older[2]?.abandoned();
    expect(breaker.state).toBe("half_open");
    expect(breaker.enter()).toBeUndefined();
    expect(breaker.waitMs()).toBe(1_000);
    probe.succeeded();
    failTimes(2);
    older[3]?.failed();
    expect(breaker.state).toBe("closed");
  });

  it("counts an abandoned call neither as a failure nor as a success", () => {
    const { breaker, enter, failTimes } = breakerAt();
    failTimes(2);
    for (let i = 0; i < 5; i++) enter().abandoned();
    expect(breaker.state).toBe("closed");
    failTimes(1);
    expect(breaker.state).toBe("open");
  });

  it("hears the first end of a call only", () => {
    const { breaker, enter, failTimes } = breakerAt();
    const call = enter();
    for (let i = 0; i < 5; i++) call.failed();
    expect(breaker.state).toBe("closed");
    failTimes(1);
    call.succeeded();
    failTimes(1);
    expect(breaker.state).toBe("open");
  });

  it("never lets two try at once, whatever happens", () => {
    const { breaker, clock } = breakerAt(2, 10);
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const isClosed = (): boolean => breaker.state === "closed";
    const running: Permit[] = [];
    let probe: Permit | undefined;
    let [tries, closings] = [0, 0];
    for (let step = 0; step < 20_000; step++) {
      clock.now += Math.floor(random() * 5);
      const wasClosed = isClosed();
      const waitMs = breaker.waitMs();
      const permit = random() < 0.6 ? breaker.enter() : undefined;
      if (permit !== undefined) {
        expect([probe, waitMs]).toEqual([undefined, 0]);
        if (!wasClosed) {
          probe = permit;
          tries += 1;
        }
        running.push(permit);
      }
      if (running.length > 0 && random() < 0.5) {
        const [ended] = running.splice(Math.floor(random() * running.length), 1);
        const wasOpen = !isClosed();
        const end = random();
        if (end < 0.6) ended?.failed();
        else if (end < 0.8) ended?.succeeded();
        else ended?.abandoned();
        // Nothing but a probe closes what is open.
        if (wasOpen && isClosed()) {
          expect(ended).toBe(probe);
          closings += 1;
        }
        if (ended === probe) probe = undefined;
      }
      expect(breaker.state === "half_open").toBe(probe !== undefined);
    }
    expect(tries).toBeGreaterThan(100);
    expect(closings).toBeGreaterThan(10);
  });
});
