import { failureOf } from "@synod/rpc";
import { createMemoryStores, StorageError } from "@synod/run-store";
import { describe, expect, it } from "vitest";
import { createCallerCheck } from "./caller.js";

const ofKeyOne = { owner: "env-9b346041bc9a", key: undefined };

describe("the check of callers", () => {
  it("lets everyone in, as nobody in particular, where there are no keys", async () => {
    const check = createCallerCheck([], createMemoryStores().keys);
    expect(await check(undefined)).toEqual({ owner: "", key: undefined });
  });

  it("knows each key of the settings by an owner that is no secret and never changes", async () => {
    const check = createCallerCheck(["key-one", "key-two"], createMemoryStores().keys);
    // The first 12 digits of the SHA-256: whoever owns runs must own them after a restart.
    expect(await check("Bearer key-one")).toEqual(ofKeyOne);
    expect(await check("bearer  key-two ")).toEqual({ owner: "env-c8df51469c30", key: undefined });
  });

  it.each([[[]], [["key-one"]]])(
    "knows each key of the database, beside %j of the settings",
    async (ofSettings) => {
      const { keys } = createMemoryStores();
      const { key, secret } = await keys.create({ name: "team", limits: { requestsPerMinute: 2 } });
      const check = createCallerCheck(ofSettings, keys);
      expect(await check(`Bearer ${secret}`)).toEqual({ owner: key.keyId, key });
      expect(await check("Bearer key-one").catch(failureOf)).toMatchObject(
        ofSettings.length > 0 ? ofKeyOne : { reason: "invalid_api_key" },
      );
    },
  );

  it("F31: tells a missing, a malformed, an unknown, an expired and a revoked key the same", async () => {
    const { keys } = createMemoryStores();
    const expired = await keys.create({ name: "expired", expireTimeMs: 1 });
    const revoked = await keys.create({ name: "revoked" });
    await keys.revoke(revoked.key.keyId);
    const check = createCallerCheck(["key-one"], keys);
    const wrong = [
      ...[undefined, null, "", "key-one", "Basic key-one", "Bearer", "Bearer key-two", "Bearer key one"],
      ...[expired, revoked].map(({ secret }) => `Bearer ${secret}`),
    ];
    const told = await Promise.all(wrong.map((shown) => check(shown).catch(failureOf)));
    expect(new Set(told.map((failure) => JSON.stringify(failure))).size).toBe(1);
    expect(told[0]).toMatchObject({ reason: "invalid_api_key", retryable: false });
  });

  it("F31: looks up whatever is shown, so that a malformed key takes as long as an unknown one", async () => {
    const looked: string[] = [];
    const keys = {
      inUse: async () => true,
      find: async (secret: string) => void looked.push(secret),
    };
    const check = createCallerCheck([], keys);
    for (const shown of [undefined, "Basic x", "Bearer x"]) await check(shown).catch(failureOf);
    expect(looked).toEqual(["", "", "x"]);
  });

  it("is never open while keys cannot be looked up; those of the settings go on working", async () => {
    const broken = () => Promise.reject(new StorageError("unreachable", "db:5432/synod", ""));
    const keys = { inUse: broken, find: broken };
    const told = { reason: "storage_unavailable", retryable: true, retryAfterMs: 5_000 };
    expect(await createCallerCheck([], keys)(undefined).catch(failureOf)).toMatchObject(told);
    const check = createCallerCheck(["key-one"], keys);
    expect(await check("Bearer key-one")).toEqual(ofKeyOne);
    const failure = await check("Bearer sk-synod-x").catch(failureOf);
    expect(failure).toMatchObject(told);
    expect(JSON.stringify(failure)).not.toContain("db:5432");
  });
});
