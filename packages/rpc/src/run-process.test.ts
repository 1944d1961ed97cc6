import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const module = new URL("../dist/run-process.js", import.meta.url).href;

/** Runs a process of a few lines, and gives its exit code and what it wrote to stderr. */
async function runScript(body: string): Promise<{ code: unknown; stderr: string }> {
  const script = `import { runProcess } from ${JSON.stringify(module)}; await runProcess(async (stop) => { ${body} });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = await once(child, "close");
  return { code, stderr };
}

test("a process that cannot start says why without a stack, and ends with code 2", async () => {
  expect(await runScript(`throw new Error("127.0.0.1:8080 is in use.");`)).toEqual({
    code: 2,
    stderr: "Synod cannot start. 127.0.0.1:8080 is in use.\n",
  });
});

test("a process that is asked to stop while it starts ends as it wishes", async () => {
  const body = `process.kill(process.pid, "SIGTERM"); const name = await stop.asked; stop.end(name === "SIGTERM" ? 0 : 1);`;
  expect(await runScript(`const alive = setInterval(() => {}, 1000); ${body}`)).toEqual({
    code: 0,
    stderr: "",
  });
});
