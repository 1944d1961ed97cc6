import { expect, test } from "vitest";
import { toCallerSettings } from "./caller-settings.js";

const read = (variables: Record<string, string>, url?: string) =>
  toCallerSettings(
    { variables, mistakes: [{ source: "", path: "SYNOD_CONFIG", message: "not there" }] },
    url,
  );

test.each<[Record<string, string>, string | undefined, string]>([
  [{}, undefined, "http://127.0.0.1:8080"],
  [{ SYNOD_URL: " https://synod.example.org/base/ " }, undefined, "https://synod.example.org/base"],
  [{ SYNOD_URL: "http://a" }, "http://b:1/", "http://b:1"],
  [{ SYNOD_PORT: "9000" }, undefined, "http://127.0.0.1:9000"],
  [{ SYNOD_PORT: "0", SYNOD_HOST: "0.0.0.0" }, undefined, "http://127.0.0.1:8080"],
  [{ SYNOD_HOST: "10.0.0.5" }, undefined, "http://10.0.0.5:8080"],
  [{ SYNOD_HOST: "::1" }, undefined, "http://[::1]:8080"],
  [{ SYNOD_HOST: "::" }, undefined, "http://127.0.0.1:8080"],
  [{ SYNOD_URL: "http://a", SYNOD_PORT: "wrong" }, undefined, "http://a"],
])("%j and %s: %s", (variables, url, expected) => {
  expect(read(variables, url)).toEqual({ url: expected });
});

test("the key is read, and stands in no mistake", () => {
  expect(read({ SYNOD_API_KEY: "sk-synod-1" }).apiKey).toBe("sk-synod-1");
  const bad = () => read({ SYNOD_API_KEY: "CANARY key", SYNOD_URL: "nowhere" });
  expect(bad).toThrow("SYNOD_API_KEY: is not usable");
  expect(bad).toThrow("SYNOD_URL: is not a URL. Use one such as http://127.0.0.1:8080.");
  expect(bad).toThrow(expect.not.stringContaining("CANARY"));
  expect(() => read({}, "nowhere")).toThrow("--url: is not a URL");
  expect(() => read({ SYNOD_URL: "http://me:CANARY@a" })).toThrow("Put the key into SYNOD_API_KEY");
});
