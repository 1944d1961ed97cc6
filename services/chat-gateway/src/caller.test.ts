import { failureOf } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { createCallerCheck } from "./caller.js";

describe("the check of callers", () => {
  it("lets everyone in, as nobody in particular, where there are no keys", async () => {
    expect(await createCallerCheck([])(undefined)).toEqual({ owner: "", key: undefined });
  });

  it("knows each key by an owner that is no secret and never changes", async () => {
    const check = createCallerCheck(["key-one", "key-two"]);
    // The first 12 digits of the SHA-256: whoever owns runs must own them after a restart.
    expect(await check("Bearer key-one")).toEqual({ owner: "env-9b346041bc9a", key: undefined });
    expect(await check("bearer  key-two ")).toEqual({ owner: "env-c8df51469c30", key: undefined });
  });

  it("F31: tells a missing, a malformed and an unknown key the same", async () => {
    const check = createCallerCheck(["key-one"]);
    const wrong = [
      undefined,
      null,
      "",
      "key-one",
      "Basic key-one",
      "Bearer",
      "Bearer key-two",
      "Bearer key one",
    ];
    const told = await Promise.all(wrong.map((shown) => check(shown).catch(failureOf)));
    expect(new Set(told.map((failure) => JSON.stringify(failure))).size).toBe(1);
    expect(told[0]).toMatchObject({ reason: "invalid_api_key", retryable: false });
  });
});
