import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../run/workspace.mjs";
import { build, isBuilt } from "./build.mjs";
import { clientsFolder, languages } from "./clients.mjs";
import { install, isInstalled } from "./install.mjs";
import { isPrepared, prepare } from "./languages.mjs";
import { withLock } from "./lock.mjs";

/**
 * Installs and builds what is stale. Ends the process with 1 when that fails; says nothing when there is nothing to do.
 *
 * @param {{ tests: boolean, installOnly: boolean }} options whether other people's clients, and clients in other
 * languages, are wanted too, and whether nothing is to be built.
 */
export async function setUp({ tests, installOnly }) {
  const steps = [
    { title: "installing dependencies", done: () => isInstalled(root), work: () => install(root) },
  ];
  if (!installOnly) steps.push({ title: "building", done: isBuilt, work: build });
  const external = join(root, "tests", "external");
  if (tests && existsSync(join(external, "package-lock.json"))) {
    const done = () => isInstalled(external);
    steps.push({ title: "installing clients for tests", done, work: () => install(external) });
  }
  for (const language of tests ? languages : []) {
    steps.push({
      title: `preparing clients in ${language.name}`,
      done: () => isPrepared(language, clientsFolder),
      work: () => prepare(language, clientsFolder),
    });
  }
  if (steps.every(({ done }) => done())) return;

  const onWait = (pid) => console.log(`synod: another set-up (process ${pid}) is running; waiting for it`);
  await withLock(
    join(root, ".nx", "synod-set-up.lock"),
    async () => {
      for (const step of steps) await doStep(step);
    },
    { onWait },
  );
}

async function doStep({ title, done, work }) {
  if (done()) return;
  const start = performance.now();
  console.log(`synod: ${title} …`);
  const { ok, output } = await work();
  if (!ok) {
    console.error(output.trimEnd());
    console.error(`synod: ${title} failed; the output is above`);
    process.exit(1);
  }
  console.log(`synod: ${title} took ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
