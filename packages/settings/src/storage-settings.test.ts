import { expect, test } from "vitest";
import type { ProcessRole } from "./settings.js";
import { toStorageSettings } from "./storage-settings.js";
import { toSettings } from "./to-settings.js";

function read(variables: Record<string, string>, config: object = {}, role: ProcessRole = "all-in-one") {
  const configFile = { path: "synod.config.json", text: JSON.stringify(config) };
  return toSettings({ variables, mistakes: [], configFile }, role);
}

const databaseUrl = "postgres://synod:s%40cret@db.internal:5432/synod?sslmode=require";

test("an embedded database in a folder, unless a database is named", () => {
  const { storage, warnings } = read({ SYNOD_DATA_DIR: "/var/lib/synod" });
  expect(storage).toEqual({ dataDir: "/var/lib/synod", history: { enabled: true, retentionDays: 30 } });
  expect(warnings).toEqual([]);
  expect(read({ SYNOD_DATABASE_URL: databaseUrl }).storage.databaseUrl).toBe(databaseUrl);
});

test.each([databaseUrl, "postgresql://db/synod", "postgres:///synod?host=/run/postgresql"])(
  "takes %s",
  (url) => {
    expect(read({ SYNOD_DATABASE_URL: url }).storage.databaseUrl).toBe(url);
  },
);

test.each([
  "mysql://u:CANARY@db/synod",
  "CANARY",
  "postgres://u:CANARY%@db/synod",
  "postgres://u:CANA/RY@db",
])("refuses %s without repeating it", (url) => {
  const refused = () => read({ SYNOD_DATABASE_URL: url });
  expect(refused).toThrow("SYNOD_DATABASE_URL: is not the URL of a PostgreSQL database. Use one such as");
  expect(refused).toThrow(expect.not.stringContaining("CANA"));
});

test("only processes that keep something know the database", () => {
  const roles: readonly ProcessRole[] = ["all-in-one", "chat", "provider", "round", "aggregation", "judge"];
  const knowing = roles.filter((role) =>
    JSON.stringify(read({ SYNOD_DATABASE_URL: databaseUrl }, {}, role)).includes("s%40cret"),
  );
  expect(knowing).toEqual(["all-in-one", "chat"]);
});

test("the history of runs is set in the file", () => {
  const of = (history: object) => read({}, { history }).storage.history;
  expect(of({})).toEqual({ enabled: true, retentionDays: 30 });
  expect(of({ enabled: false })).toEqual({ enabled: false, retentionDays: 30 });
  expect(of({ retention_days: 1 })).toEqual({ enabled: true, retentionDays: 1 });
});

test.each([
  [{ enabled: "no" }, 'history.enabled: "no" is neither true nor false. Use true or false, or leave it out'],
  [{ retention_days: 0 }, "history.retention_days: 0 is not between 1 and 36500."],
  [{ days: 1 }, "history.days: unknown key. Known here: enabled, retention_days."],
  [[], "history: a list is not an object."],
])("refuses %j", (history, message) => {
  expect(() => read({}, { history })).toThrow(message);
});

test("a tool beside the processes reads the same, and is told what keeps it from that alone", () => {
  const variables = { SYNOD_HOST: "0.0.0.0", SYNOD_PORT: "wrong", SYNOD_DATABASE_URL: databaseUrl };
  const configFile = { path: "synod.config.json", text: '{"history": {"retention_days": 400}}' };
  const unrelated = { source: "", path: "SYNOD_API_KEYS", message: "cannot read keys.txt" };
  expect(toStorageSettings({ variables, configFile, mistakes: [unrelated] })).toEqual({
    dataDir: ".synod",
    databaseUrl,
    history: { enabled: true, retentionDays: 400 },
  });
  const broken = { path: "synod.config.json", text: '{"history": {"retention_days": 0}}' };
  const missing = { source: "", path: "SYNOD_CONFIG", message: "cannot read other.json" };
  const refused = () =>
    toStorageSettings({
      variables: { SYNOD_DATABASE_URL: "mysql://a" },
      configFile: broken,
      mistakes: [missing],
    });
  expect(refused).toThrow("SYNOD_CONFIG: cannot read other.json");
  expect(refused).toThrow("synod.config.json: history.retention_days");
  expect(refused).toThrow("SYNOD_DATABASE_URL: is not the URL");
});
