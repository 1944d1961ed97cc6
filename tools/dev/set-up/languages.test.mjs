import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isPrepared, prepare } from "./languages.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synod-languages-"));
  writeFileSync(source(), "one");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const source = () => join(folder, "source");
const node = (code) => [process.execPath, ["--eval", code], { cwd: folder }];

const languageWith = (changes) => ({
  name: "lang",
  version: node(""),
  sources: [source()],
  install: [node("")],
  build: [node("")],
  run: ["lang", ["examples"], { cwd: folder, env: { A: "b" } }],
  ...changes,
});
const state = () => JSON.parse(readFileSync(join(folder, "lang.json"), "utf8"));

test("is prepared until a source changes, and says how to run it", async () => {
  const language = languageWith({});
  expect(isPrepared(language, folder)).toBe(false);
  expect(await prepare(language, folder)).toEqual({ ok: true, output: "" });
  expect(isPrepared(language, folder)).toBe(true);
  expect(state()).toMatchObject({
    missing: null,
    run: { command: "lang", args: ["examples"], cwd: folder, env: { A: "b" } },
  });
  writeFileSync(source(), "two");
  expect(isPrepared(language, folder)).toBe(false);
});

test("a language that is not there is no failure, and is not looked for again", async () => {
  const language = languageWith({ version: ["no-such-program-here", [], { cwd: folder }] });
  expect(await prepare(language, folder)).toEqual({ ok: true, output: "" });
  expect(state().missing).toBe("no-such-program-here is not there");
  expect(isPrepared(language, folder)).toBe(true);
});

test("a registry that is out of reach is no failure, and is tried again", async () => {
  const language = languageWith({ install: [node("console.error('so\\nno route'); process.exit(1)")] });
  expect(await prepare(language, folder)).toEqual({ ok: true, output: "" });
  expect(state().missing).toBe("its packages cannot be installed: no route");
  expect(isPrepared(language, folder)).toBe(false);
});

test("what cannot be built is a failure", async () => {
  const language = languageWith({ build: [node("console.log('wrong stub'); process.exit(1)")] });
  expect(await prepare(language, folder)).toEqual({ ok: false, output: "wrong stub\n" });
  expect(isPrepared(language, folder)).toBe(false);
});
