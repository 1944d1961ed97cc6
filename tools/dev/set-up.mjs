// Makes the repository ready to run: `node tools/dev/set-up.mjs [--tests] [--install-only]`. Run by npm before start,
// test and check.
//
// It needs Node and npm alone, does only what is stale, and may run several times at once. `--tests` also installs
// the clients of tests/external, and prepares those of tools/clients where their language is there; `--install-only`
// builds nothing.
//
// This file is kept so plain that an old Node can read it and be told that it is old.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Synod needs Node 20.19 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      "Get a newer one at https://nodejs.org (24 is recommended) and try again.",
  );
  process.exit(1);
}

const has = (option) => process.argv.includes(option);
import("./set-up/main.mjs").then(({ setUp }) =>
  setUp({ tests: has("--tests"), installOnly: has("--install-only") }),
);
