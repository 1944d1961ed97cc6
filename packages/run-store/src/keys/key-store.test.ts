import { describe, expect, it } from "vitest";
import { houses, sharedHouses } from "../testing/houses.js";
import { newSecret } from "./secret.js";

for (const kind of houses) {
  describe.skipIf(!kind.available)(`keys in ${kind.name}`, () => {
    it("open what they are made for, and nothing else does", async () => {
      await using house = await kind.build();
      const { keys } = await house.open();
      const limits = { requestsPerMinute: 60, usdNanosPerDay: 1_000_000_000 };
      const { key, secret } = await keys.create({ name: "team", limits });
      expect(secret).toMatch(/^sk-synod-[0-9a-f]{16}-[\w-]{43}$/);
      expect(key).toEqual({
        keyId: secret.slice(9, 25),
        name: "team",
        limits,
        createTimeMs: house.clock.now(),
        expireTimeMs: undefined,
        revokeTimeMs: undefined,
      });
      expect(await keys.find(secret)).toEqual(key);
      const other = newSecret().text;
      const wrong = [
        other,
        secret.slice(0, -1),
        `${secret.slice(0, 26)}${other.slice(26)}`,
        "",
        "sk-synod-",
        `${secret} `,
      ];
      for (const text of wrong) expect(await keys.find(text)).toBeUndefined();
    });

    it("are listed without their secrets, the newest first", async () => {
      await using house = await kind.build();
      const { keys } = await house.open();
      const first = await keys.create({ name: "first", limits: { tokensPerMinute: 1_000_000_000_000 } });
      house.clock.advance(1);
      const second = await keys.create({ name: "second" });
      expect(await keys.list()).toEqual([second.key, first.key]);
      expect(JSON.stringify(await keys.list())).not.toContain(first.secret.slice(26));
    });

    it("open nothing after they were revoked", async () => {
      await using house = await kind.build();
      const { keys } = await house.open();
      const { key, secret } = await keys.create({ name: "team" });
      await keys.find(secret);
      house.clock.advance(7);
      const revoked = { ...key, revokeTimeMs: house.clock.now() };
      expect(await keys.revoke(key.keyId)).toEqual(revoked);
      expect(await keys.find(secret)).toBeUndefined();
      house.clock.advance(7);
      expect(await keys.revoke(key.keyId)).toEqual(revoked);
      expect(await keys.revoke("0123456789abcdef")).toBeUndefined();
      expect(await keys.list()).toEqual([revoked]);
    });

    it("open nothing after they expired", async () => {
      await using house = await kind.build();
      const { keys } = await house.open();
      const expireTimeMs = house.clock.now() + 60_000;
      const { secret } = await keys.create({ name: "guest", expireTimeMs });
      expect(await keys.find(secret)).toMatchObject({ expireTimeMs });
      house.clock.advance(60_000);
      expect(await keys.find(secret)).toBeUndefined();
    });

    it("are in use once there was one, even if it opens nothing now", async () => {
      await using house = await kind.build();
      const { keys } = await house.open();
      expect(await keys.inUse()).toBe(false);
      const { key } = await keys.create({ name: "team" });
      expect(await keys.inUse()).toBe(true);
      await keys.revoke(key.keyId);
      house.clock.advance(5_000);
      expect(await keys.inUse()).toBe(true);
    });
  });
}

for (const kind of sharedHouses) {
  describe.skipIf(!kind.available)(`keys in ${kind.name}, of several processes`, () => {
    it("are known to all at once, and revoked everywhere within 5 seconds", async () => {
      await using house = await kind.build();
      const [here, there] = [await house.open(), await house.open()];
      expect(await there.keys.inUse()).toBe(false);
      const { key, secret } = await here.keys.create({ name: "team" });
      expect(await there.keys.find(secret)).toEqual(key);
      await here.keys.revoke(key.keyId);
      expect(await here.keys.find(secret)).toBeUndefined();
      expect(await there.keys.find(secret)).toEqual(key);
      house.clock.advance(5_000);
      expect(await there.keys.find(secret)).toBeUndefined();
      expect(await there.keys.inUse()).toBe(true);
    });
  });
}
