import { spawn } from "node:child_process";

/**
 * Runs a program in a process group of its own, so that a signal to this process reaches all that it has started.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string>, onText?: (text: string) => void }} options `onText` sees the
 * output as it comes; all of it is in the result too.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd, env = {}, onText }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      detached: process.platform !== "win32",
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        chunks.push(text);
        onText?.(text);
      });
    }
    const stopForwarding = forwardSignals(child);
    child.on("error", reject);
    child.on("close", (code) => {
      stopForwarding();
      resolve({ code: code ?? 1, output: chunks.join("") });
    });
  });
}

const killAfterMs = 5_000;

/** Hands SIGINT and SIGTERM on to the child's group, and ends this process with the code that means them. */
function forwardSignals(child) {
  const signalGroup = (signal) => {
    try {
      if (child.pid !== undefined)
        process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch (error) {
      // The group is gone already, which is what was wanted.
      if (error.code !== "ESRCH") throw error;
    }
  };
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  const handlers = Object.entries(codes).map(([signal, code]) => {
    const handler = () => {
      signalGroup(signal);
      const timer = setTimeout(() => signalGroup("SIGKILL"), killAfterMs);
      child.once("close", () => {
        clearTimeout(timer);
        process.exit(code);
      });
    };
    process.once(signal, handler);
    return [signal, handler];
  });
  return () => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  };
}
