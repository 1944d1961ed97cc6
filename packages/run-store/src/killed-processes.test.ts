import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { createManualClock } from "./testing/manual-clock.js";
import { sharedHouses } from "./testing/houses.js";
import { deadline, ends, started } from "./testing/run-events.js";

interface Said {
  readonly runId: string;
  readonly seq: number;
}

/** A process that works, and what it has said is stored. */
interface Busy {
  readonly child: ChildProcess;
  readonly said: Said[];
  /** Resolves when it has said so much. */
  saidEnough(lines: number): Promise<void>;
}

function startBusy(options: object): Busy {
  const script = new URL("./testing/busy-process.mjs", import.meta.url);
  const child = spawn(process.execPath, [script.pathname, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: Said[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => said.push(JSON.parse(line) as Said));
  return {
    child,
    said,
    async saidEnough(count) {
      while (said.length < count) await once(lines, "line");
    },
  };
}

for (const kind of sharedHouses) {
  describe.skipIf(!kind.available)(`processes that are killed, with ${kind.name}`, () => {
    it("lose nothing that was stored, and hold nothing (F46)", async () => {
      // The processes have the true time.
      await using house = await kind.build(createManualClock(Date.now()));
      const stores = await house.open();
      const { key } = await stores.keys.create({ name: "team", limits: { usdNanosPerDay: 1_000_000_000 } });
      const events = { started: started("x".repeat(3_000)), deadline, finished: ends.completed };
      const busy = Array.from({ length: 3 }, (_, index) =>
        startBusy({ ...house.place, ...events, name: `process-${index}`, keyId: key.keyId }),
      );
      for (const [index, one] of busy.entries()) {
        await one.saidEnough(15 + 20 * index);
        one.child.kill("SIGKILL");
        await once(one.child, "exit");
      }

      const expected = new Map(busy.flatMap(({ said }) => said).map(({ runId, seq }) => [runId, seq]));
      for (const [runId, seq] of expected) {
        const seqs = (await stores.runs.read(runId)).map((logged) => logged.seq);
        expect(seqs.length).toBeGreaterThanOrEqual(seq);
        expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      }
      expect((await stores.budgets.spending(key.keyId)).reservedUsdNanos).toBeGreaterThan(0);
      house.clock.advance(12_000 + Date.now() - house.clock.now());
      expect((await stores.runs.list({ status: "running", limit: 100 })).runs).toEqual([]);
      expect(await stores.budgets.spending(key.keyId)).toMatchObject({ reservedUsdNanos: 0, dayUsdNanos: 0 });
      for (const runId of expected.keys()) {
        const claim = await stores.idempotency.claim({
          owner: "",
          key: runId,
          requestHash: "h",
          runId: "again",
        });
        expect(claim).toEqual({ type: "new" });
      }
    }, 60_000);
  });
}
