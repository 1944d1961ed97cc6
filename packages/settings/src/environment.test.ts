import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEnvironment } from "./environment.js";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "synod-settings-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
const write = (name: string, text: string) => writeFileSync(join(directory, name), text);

test("an empty folder is no mistake", () => {
  expect(readEnvironment({}, directory)).toEqual({ variables: {}, mistakes: [] });
});

test("variables win over .env", () => {
  write(".env", 'GROQ_API_KEY="from file"\nOPENROUTER_API_KEY=only-file # comment\n');
  const { variables } = readEnvironment({ GROQ_API_KEY: "from process" }, directory);
  expect(variables).toEqual({ GROQ_API_KEY: "from process", OPENROUTER_API_KEY: "only-file" });
});

test("reads ./synod.config.json when it is there", () => {
  write("synod.config.json", "{}");
  expect(readEnvironment({}, directory).configFile).toEqual({ path: "synod.config.json", text: "{}" });
});

test("reads the file that SYNOD_CONFIG names, also when .env names it", () => {
  write("synod.config.json", '{"wrong": 1}');
  write("other.json", "{}");
  const relative = readEnvironment({ SYNOD_CONFIG: "other.json" }, directory);
  const absolute = readEnvironment({ SYNOD_CONFIG: join(directory, "other.json") }, directory);
  write(".env", "SYNOD_CONFIG=other.json");
  const fromDotEnv = readEnvironment({}, directory);
  for (const environment of [relative, absolute, fromDotEnv]) {
    expect(environment.configFile).toEqual({ path: "other.json", text: "{}" });
  }
});

test("a named file that is not there is a mistake", () => {
  const environment = readEnvironment({ SYNOD_CONFIG: "gone.json", SYNOD_API_KEYS: "@keys" }, directory);
  expect(environment.mistakes).toEqual([
    { source: "", path: "SYNOD_CONFIG", message: expect.stringContaining("cannot read gone.json (ENOENT)") },
    { source: "", path: "SYNOD_API_KEYS", message: expect.stringContaining("cannot read keys (ENOENT)") },
  ]);
});

test("reads the file of keys", () => {
  write("keys", "one\ntwo\n");
  const { apiKeysFile } = readEnvironment({ SYNOD_API_KEYS: "@keys" }, directory);
  expect(apiKeysFile).toEqual({ path: "keys", text: "one\ntwo\n" });
});
