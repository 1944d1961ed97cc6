import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withLock } from "./lock.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synod-lock-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const lock = () => join(folder, "deep", "lock");

/** A process that waits for the lock, notes that it came in, stays a moment, and notes that it left. */
function contender(name) {
  const code = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { withLock } from ${JSON.stringify(new URL("./lock.mjs", import.meta.url).href)};
    await withLock(${JSON.stringify(lock())}, async () => {
      appendFileSync(${JSON.stringify(join(folder, "log"))}, "${name} in\\n");
      await sleep(30);
      appendFileSync(${JSON.stringify(join(folder, "log"))}, "${name} out\\n");
    });`;
  return once(spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: "inherit" }), "exit");
}

test("one process at a time, and every process in the end", async () => {
  const names = ["a", "b", "c", "d"];
  expect(await Promise.all(names.map(contender))).toEqual(names.map(() => [0, null]));
  const lines = readFileSync(join(folder, "log"), "utf8").trim().split("\n");
  expect(lines).toHaveLength(8);
  for (let at = 0; at < lines.length; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace("in", "out"));
  expect(existsSync(lock())).toBe(false);
});

test("gives the lock back when the work fails", async () => {
  const failing = () => Promise.reject(new Error("no"));
  await expect(withLock(lock(), failing)).rejects.toThrow("no");
  expect(await withLock(lock(), () => "again")).toBe("again");
});

test("takes over from a holder that is gone", async () => {
  const gone = spawn(process.execPath, ["--eval", ""]);
  await once(gone, "exit");
  await withLock(lock(), () => undefined);
  writeFileSync(lock(), String(gone.pid));
  expect(await withLock(lock(), () => "mine")).toBe("mine");
});

test("takes over from a holder that has given no sign of life for long", async () => {
  await withLock(lock(), () => undefined);
  writeFileSync(lock(), String(process.pid));
  utimesSync(lock(), 0, 0);
  expect(await withLock(lock(), () => "mine")).toBe("mine");
});

test("waits for a holder that lives, and says so once", async () => {
  await withLock(lock(), () => undefined);
  writeFileSync(lock(), String(process.pid));
  const onWait = vi.fn();
  const waiting = withLock(lock(), () => "mine", { onWait });
  await vi.waitFor(() => expect(onWait).toHaveBeenCalledWith(String(process.pid)));
  rmSync(lock());
  expect(await waiting).toBe("mine");
  expect(onWait).toHaveBeenCalledTimes(1);
});
