import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const heartbeatMs = 2_000;
const staleMs = 30_000;

/**
 * Runs `work` while no other process does: the lock is a file with the holder's process id, touched as long as the
 * holder lives. A lock whose holder is gone is taken over.
 */
export async function withLock(path, work, { onWait } = {}) {
  await acquire(path, onWait);
  const heartbeat = setInterval(() => {
    const now = new Date();
    // Someone may have cleaned the folder up: that ends the lock, not the work.
    if (existsSync(path)) utimesSync(path, now, now);
  }, heartbeatMs);
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener("exit", release);
    release();
  }
}

async function acquire(path, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!tryCreate(path)) {
    const holder = readHolder(path);
    if (holder === undefined) continue;
    if (holder.stale) {
      takeAway(path, holder.text);
      continue;
    }
    if (!told) onWait?.(holder.text);
    told = true;
    await sleep(200);
  }
}

function tryCreate(path, text = String(process.pid)) {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(path) {
  try {
    const text = readFileSync(path, "utf8");
    const silent = Date.now() - statSync(path).mtimeMs > staleMs;
    // Empty for the moment between its creation and the writing of the id.
    return { text, stale: silent || (text !== "" && !isAlive(Number(text))) };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

// Two may see the same stale lock: what was moved away is looked at, and put back if it is another one by now.
function takeAway(path, staleText) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  const text = readFileSync(aside, "utf8");
  if (text !== staleText) tryCreate(path, text);
  rmSync(aside, { force: true });
}
