import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@synod/run-store";
import { createLogger, createMetrics } from "@synod/telemetry";
import { afterEach, beforeEach, expect, it } from "vitest";
import { call } from "../testing/call.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synod-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const keys = (...args: string[]) => call(["keys", ...args], { variables: { SYNOD_DATA_DIR: folder } });

/** What a Synod that uses the same database says of a secret. */
async function find(secret: string) {
  await using stores = await openStores({
    dataDir: folder,
    history: { enabled: true, retentionDays: 30 },
    logger: createLogger({ level: "silent", service: "test" }),
    metrics: createMetrics({ service: "test" }),
  });
  return stores.keys.find(secret);
}

it("makes a key whose secret is printed once, alone on the output, and kept nowhere", async () => {
  const { code, out, err } = await keys("create", "--name", "ci");
  expect(code).toBe(0);
  expect(out).toMatch(/^sk-synod-[0-9a-f]{16}-[\w-]{43}\n$/);
  const secret = out.trim();
  expect(err).toContain(`in ${join(folder, "synod.db")}`);
  expect(err).not.toContain(secret);
  expect(await find(secret)).toMatchObject({ name: "ci", limits: {} });
  const listed = await keys("list");
  expect(`${listed.out}${listed.err}${(await keys("list", "--json")).out}`).not.toContain(secret.slice(-43));
  expect(readFileSync(join(folder, "synod.db")).includes(secret.slice(-43))).toBe(false);
});

it("takes limits, budgets and an end", async () => {
  const limits = [
    "--requests-per-minute",
    "60",
    "--tokens-per-minute",
    "100000",
    "--usd-per-day",
    "1.5",
    "--usd-per-month",
    "20",
  ];
  const { out } = await keys("create", "--name", "team a", ...limits, "--expires", "30d", "--json");
  const made = JSON.parse(out) as { readonly id: string; readonly secret: string };
  expect(made).toMatchObject({
    object: "key",
    name: "team a",
    state: "active",
    expires_at: "2026-12-28T00:00:00.000Z",
    revoked_at: null,
    requests_per_minute: 60,
    tokens_per_minute: 100_000,
    usd_per_day: 1.5,
    usd_per_month: 20,
  });
  expect(await find(made.secret)).toMatchObject({
    keyId: made.id,
    limits: {
      requestsPerMinute: 60,
      tokensPerMinute: 100_000,
      usdNanosPerDay: 1_500_000_000,
      usdNanosPerMonth: 20_000_000_000,
    },
  });
  const { out: listed } = await keys("list");
  expect(listed).toMatch(
    /^KEY +NAME +STATE +CREATED +EXPIRES +REQUESTS\/MIN +TOKENS\/MIN +TODAY +THIS MONTH\n/,
  );
  expect(listed).toMatch(
    new RegExp(
      `^${made.id}  team a +active +\\S+Z +2026-12-28T00:00:00Z +60 +100000 +\\$0 of \\$1\\.50 +\\$0 of \\$20\\.00$`,
      "m",
    ),
  );
  expect(JSON.parse((await keys("list", "--json")).out)).toMatchObject({
    object: "list",
    data: [{ id: made.id, spent_today_usd: 0, spent_this_month_usd: 0, reserved_usd: 0 }],
  });
});

it("revokes a key, and names none that is not there", async () => {
  const secret = (await keys("create", "--name", "ci")).out.trim();
  const [, id = ""] = /^sk-synod-(\w+)-/.exec(secret) ?? [];
  expect(await keys("revoke", secret)).toEqual({
    code: 1,
    out: "",
    err: "synod: there is no such key. `synod keys list` names all.\n",
  });
  expect(await find(secret)).toBeDefined();
  expect(await keys("revoke", id)).toEqual({
    code: 0,
    out: `Key ${id} (ci) is revoked. It opens nothing within 5 seconds.\n`,
    err: "",
  });
  expect(await find(secret)).toBeUndefined();
  expect((await keys("list")).out).toMatch(new RegExp(`^${id}  ci +revoked`, "m"));
});

it("does not make a database to list what is not there", async () => {
  const missing = join(folder, "elsewhere");
  const elsewhere = (...args: string[]) =>
    call(["keys", ...args], { variables: { SYNOD_DATA_DIR: missing } });
  for (const args of [["list"], ["revoke", "0123456789abcdef"]]) {
    const { code, err } = await elsewhere(...args);
    expect([code, err]).toEqual([1, expect.stringContaining(`${join(missing, "synod.db")} is not there`)]);
  }
  expect(
    await call(["keys", "list"], { variables: { SYNOD_DATABASE_URL: "mysql://me:CANARY@db" } }),
  ).toMatchObject({
    code: 2,
    err: expect.not.stringContaining("CANARY"),
  });
});
