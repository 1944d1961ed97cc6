import { readdirSync, readFileSync } from "node:fs";
import { type Simulator, startSimulator } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Deployment, deployments, startDeployment } from "../src/harness/deployment.js";
import { languageOf } from "./conformance/languages.js";
import { shownOutput } from "./conformance/shown-output.js";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const docs = read("docs/grpc.md");
const shown = [
  { language: languageOf("python"), fence: "python", start: "python -m examples " },
  { language: languageOf("go"), fence: "go", start: "go run ./examples " },
];

// The examples as a whole are run by grpc-clients.test.ts.
it.each(shown)("what docs/grpc.md shows of $language.name is in the examples", ({ language, fence }) => {
  const folder = `tools/clients/${language.name}/examples`;
  const names = readdirSync(new URL(`../../${folder}`, import.meta.url)).filter((name) => name.includes("."));
  const code = names.map((name) => read(`${folder}/${name}`)).join("\n");
  const pieces = [...docs.matchAll(new RegExp(`\`\`\`${fence}\n([^]*?)\`\`\``, "g"))].map(([, text]) => text);
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(code).toContain(piece);
});

for (const { language, start } of shown) {
  const why = language.missing === null ? "" : ` (${language.missing})`;
  describe.skipIf(language.missing !== null)(`the command in docs/grpc.md for ${language.name}${why}`, () => {
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

    it("writes what is shown", async () => {
      const [, command = "", output = ""] =
        new RegExp(`\n${start}(.*)\n\`\`\`\n+\`\`\`\n([^]*?)\`\`\``).exec(docs) ?? [];
      const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = ""]) => quoted ?? bare);
      expect(args).toHaveLength(3);
      const ended = await language.run(["--target", synod.grpcAddress, ...args]);
      expect(ended).toEqual({ code: 0, errors: "", output: expect.stringMatching(shownOutput(output)) });
    });
  });
}
