import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Deployment, deployments, startDeployment } from "../src/harness/deployment.js";
import { shownOutput } from "./conformance/shown-output.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const text = readFileSync(new URL("../../docs/openai.md", import.meta.url), "utf8");
const run = promisify(execFile);

/** An example: a program, and what it writes. `…` stands for anything. */
const examples = [...text.matchAll(/```js\n([^]*?)```\n+```\n([^]*?)```/g)].map(
  ([, code = "", output = ""]) => ({
    name: `${/from "([^"]+)"/.exec(code)?.[1]}, line ${text.slice(0, text.indexOf(code)).split("\n").length}`,
    code,
    output,
  }),
);

describe("the examples of docs/openai.md", () => {
  let simulator: Simulator;
  let synod: Deployment;

  beforeAll(async () => {
    simulator = await startSimulator({ latency: "off" });
    synod = await startDeployment(deployments[0], { env: { SYNOD_SIMULATOR_URL: simulator.url } });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await simulator[Symbol.asyncDispose]();
  });

  it.concurrent.each(examples)("$name", async ({ code, output }) => {
    const program = code.replaceAll("http://127.0.0.1:8080", synod.url);
    // Packages are looked for from the folder on.
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: here,
      env: { PATH: process.env["PATH"], NO_COLOR: "1" },
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(shownOutput(output));
  });
});

it("every example of docs/openai.md is run, and tried with the versions that it names", () => {
  expect(examples).toHaveLength(text.match(/```js\n/g)?.length ?? 0);
  const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
  for (const [name, version] of Object.entries(dependencies)) {
    if (["ajv", "zod", "@langchain/core"].includes(name)) continue;
    expect(text).toMatch(new RegExp(`\`${name}\`.*${version}`));
  }
});
