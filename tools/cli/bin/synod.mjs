#!/usr/bin/env node
// The command `synod`: it says what is missing, or runs what is built.
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
const main = new URL("../dist/main.js", import.meta.url);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`synod: Node 20.19 or newer is needed; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else if (!existsSync(main)) {
  console.error("synod: not built yet. Run `npm start` once, or `npm run build`, in the folder of Synod.");
  process.exitCode = 1;
} else {
  await import(main.href);
}
