import { expect, test } from "vitest";
import { familyOf, parseModelId, qualifyModelId, withoutRouting } from "./model-id.js";

test.each([
  ["openrouter/google/gemini-2.0-flash-001", "openrouter", "google/gemini-2.0-flash-001", "google"],
  ["groq/llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile", "groq"],
  [
    "groq/meta-llama/llama-4-scout-17b-16e-instruct",
    "groq",
    "meta-llama/llama-4-scout-17b-16e-instruct",
    "meta-llama",
  ],
  ["google/gemini-2.0-flash-001", "openrouter", "google/gemini-2.0-flash-001", "google"],
  ["openrouter/openrouter/auto", "openrouter", "openrouter/auto", "openrouter"],
  ["local/llama3:8b", "local", "llama3:8b", "local"],
  ["other/llama3", "openrouter", "other/llama3", "other"],
  ["sim/ada-large", "sim", "ada-large", "sim"],
  ["gpt-x", "openrouter", "gpt-x", "openrouter"],
])("%s", (id, provider, name, family) => {
  const providers = ["openrouter", "groq", "local"];
  expect(parseModelId(id, providers)).toEqual({ provider, name });
  expect(qualifyModelId(id, providers)).toBe(`${provider}/${name}`);
  expect(qualifyModelId(qualifyModelId(id, providers), providers)).toBe(`${provider}/${name}`);
  expect(familyOf(id, providers)).toBe(family);
});

test.each([
  ["acme/one:nitro", "acme/one"],
  ["acme/one:floor", "acme/one"],
  ["acme/one:online", "acme/one"],
  ["acme/one:thinking", "acme/one"],
  ["acme/one:free:online", "acme/one:free"],
  ["acme/one:free", "acme/one:free"],
  ["llama3:8b", "llama3:8b"],
  ["acme/nitro", "acme/nitro"],
])("%s without its routing is %s", (name, without) => {
  expect(withoutRouting(name)).toBe(without);
});
