import { describe, expect, test } from "vitest";
import type { Environment } from "./environment.js";
import { SettingsError } from "./mistakes.js";
import { providerControls } from "./provider-controls.js";
import type { ProcessRole } from "./settings.js";
import { toSettings } from "./to-settings.js";

function environment(variables: Record<string, string> = {}, config?: unknown): Environment {
  if (config === undefined) return { variables, mistakes: [] };
  const text = typeof config === "string" ? config : JSON.stringify(config);
  return { variables, mistakes: [], configFile: { path: "synod.config.json", text } };
}
const read = (variables?: Record<string, string>, config?: unknown, role: ProcessRole = "all-in-one") =>
  toSettings(environment(variables, config), role);

function mistakes(variables?: Record<string, string>, config?: unknown, role?: ProcessRole): string {
  try {
    read(variables, config, role);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return "";
}
const provider = (settings: ReturnType<typeof read>, id: string) =>
  settings.providers.find((entry) => entry.id === id);
const members = [{ model: "groq/a" }];

test("defaults", () => {
  const settings = read();
  expect(settings).toMatchObject({
    http: { host: "127.0.0.1", port: 8080 },
    grpc: { host: "127.0.0.1", port: 8081 },
    apiKeys: [],
    corsOrigins: [],
    storage: { dataDir: ".synod", history: { enabled: true, retentionDays: 30 } },
    logLevel: "info",
    targets: { provider: "127.0.0.1:7001", judge: "127.0.0.1:7004" },
    inner: { aggregation: { host: "127.0.0.1", grpcPort: 7003, webPort: 7103 } },
    limits: { members: 16, samples: 10, rounds: 6, regenerations: 5, judges: 9, messages: 1000 },
    warnings: [],
  });
  expect(settings.innerToken).toBeUndefined();
  expect(settings.limits.requestBytes).toBe(4_194_304);
  expect(settings.providers.map(({ id, baseUrl }) => [id, baseUrl])).toEqual([
    ["openrouter", "https://openrouter.ai/api/v1"],
    ["groq", "https://api.groq.com/openai/v1"],
  ]);
});

test("an empty variable is one that is not set", () => {
  const names = ["SYNOD_HOST", "SYNOD_PORT", "SYNOD_API_KEYS", "SYNOD_INNER_TOKEN", "OPENROUTER_BASE_URL"];
  expect(read(Object.fromEntries(names.map((name) => [name, " "])))).toEqual(read());
});

test("listeners and targets from the environment", () => {
  const settings = read({
    SYNOD_HOST: "[::1]",
    SYNOD_PORT: "0",
    SYNOD_GRPC_PORT: "9001",
    SYNOD_AGGREGATION_TARGET: "dns:///aggregation:7003",
    SYNOD_INNER_TOKEN: "between-us",
    SYNOD_LOG_LEVEL: "DEBUG",
    SYNOD_CORS_ORIGINS: "https://example.org/, http://localhost:5173",
  });
  expect(settings).toMatchObject({
    http: { host: "::1", port: 0 },
    grpc: { host: "::1", port: 9001 },
    // A service that is started alone listens where it is told to.
    inner: { judge: { host: "::1", grpcPort: 9001, webPort: 0 } },
    targets: { aggregation: "dns:///aggregation:7003", round: "127.0.0.1:7002" },
    innerToken: "between-us",
    logLevel: "debug",
    corsOrigins: ["https://example.org", "http://localhost:5173"],
  });
});

describe("keys and base URLs", () => {
  test("several keys, a trailing slash, and the other spelling", () => {
    const settings = read({
      OPEN_ROUTER_API_KEY: " sk-1, sk-2,,sk-1 ",
      OPEN_ROUTER_BASE_URL: "http://127.0.0.1:9/x//",
      GROQ_API_KEY: "gsk",
      GROQ_BASE_URL: "http://127.0.0.1:9/groq/",
    });
    expect(provider(settings, "openrouter")).toEqual({
      id: "openrouter",
      kind: "openrouter",
      baseUrl: "http://127.0.0.1:9/x",
      keys: ["sk-1", "sk-2"],
      keyRequired: true,
      simulated: false,
      ...providerControls(),
    });
    expect(provider(settings, "groq")).toMatchObject({ baseUrl: "http://127.0.0.1:9/groq", keys: ["gsk"] });
  });

  test("the usual spelling wins", () => {
    const settings = read({ OPENROUTER_API_KEY: "a", OPEN_ROUTER_API_KEY: "b" });
    expect(provider(settings, "openrouter")?.keys).toEqual(["a"]);
  });

  test.each(["chat", "round", "aggregation", "judge"] as const)("%s never sees them", (role) => {
    const variables = { GROQ_API_KEY: "gsk-CANARY", OPENROUTER_API_KEY: "sk-CANARY" };
    expect(JSON.stringify(read(variables, undefined, role))).not.toContain("CANARY");
    expect(JSON.stringify(read(variables, undefined, "provider"))).toContain("CANARY");
  });

  test("a listed provider: file, then environment", () => {
    const listed = { kind: "openai", base_url: "http://127.0.0.1:11434/v1/", max_concurrency: 1 };
    const config = { providers: { "my-llm": listed, groq: { max_concurrency: 4 } } };
    expect(provider(read({}, config), "my-llm")).toEqual({
      id: "my-llm",
      kind: "openai",
      baseUrl: "http://127.0.0.1:11434/v1",
      keys: [],
      keyRequired: false,
      simulated: false,
      ...providerControls(),
      limits: { maxConcurrency: 1 },
    });
    expect(provider(read({}, config), "groq")).toMatchObject({ kind: "groq", limits: { maxConcurrency: 4 } });
    const variables = { MY_LLM_API_KEY: "k", MY_LLM_BASE_URL: "http://127.0.0.1:1" };
    expect(provider(read(variables, config), "my-llm")).toMatchObject({
      keys: ["k"],
      baseUrl: "http://127.0.0.1:1",
    });
  });

  test("the simulator", () => {
    expect(provider(read({ SYNOD_SIMULATOR_URL: "http://127.0.0.1:5/" }), "sim")).toEqual({
      id: "sim",
      kind: "openrouter",
      baseUrl: "http://127.0.0.1:5/openrouter/api/v1",
      keys: [],
      keyRequired: false,
      simulated: true,
      ...providerControls(),
    });
  });

  test.each([
    ["http://user:CANARY@host/v1", "holds a user name or a password"],
    ["ftp://host", '"ftp:" is not a scheme of HTTP'],
    ["nonsense", "is not a URL"],
    ["http://host/v1?key=CANARY", "holds a query or a fragment"],
  ])("a base URL that cannot be used: %s", (url, why) => {
    const message = mistakes({ GROQ_BASE_URL: url });
    expect(message).toContain(`GROQ_BASE_URL: ${why}`);
    expect(message).not.toContain("CANARY");
  });

  test("a key that no header can carry is not shown", () => {
    const message = mistakes({ GROQ_API_KEY: "good,CANARY with spaces" });
    expect(message).toContain("GROQ_API_KEY: key 2 holds spaces");
    expect(message).not.toContain("CANARY");
  });
});

describe("SYNOD_API_KEYS", () => {
  test("a list", () => {
    expect(read({ SYNOD_API_KEYS: "a, b" }).apiKeys).toEqual(["a", "b"]);
  });

  test("a file: lines, commas and comments", () => {
    const apiKeysFile = { path: "keys", text: "# ours\nfirst\r\n second ,third\n\n" };
    const settings = toSettings({ ...environment({ SYNOD_API_KEYS: "@keys" }), apiKeysFile }, "chat");
    expect(settings.apiKeys).toEqual(["first", "second", "third"]);
  });

  test("a file without a key is a mistake, not an open door", () => {
    const apiKeysFile = { path: "keys", text: "# none yet\n" };
    const open = () => toSettings({ ...environment({ SYNOD_API_KEYS: "@keys" }), apiKeysFile }, "chat");
    expect(open).toThrow("SYNOD_API_KEYS: keys holds no key. Write one key on each line.");
  });
});

describe("what may be reached from other machines", () => {
  test.each(["all-in-one", "chat"] as const)("%s is looked at when its database is open", (role) => {
    expect(mistakes({ SYNOD_HOST: "0.0.0.0" }, undefined, role)).toBe("");
  });

  test.each(["provider", "round", "aggregation", "judge"] as const)("%s needs the inner token", (role) => {
    const message = mistakes({ SYNOD_HOST: "0.0.0.0", SYNOD_API_KEYS: "key" }, undefined, role);
    expect(message).toContain("SYNOD_HOST: 0.0.0.0 is reachable from other machines");
    expect(message).toContain(`anyone there could use the ${role} service. Set SYNOD_INNER_TOKEN`);
    expect(mistakes({ SYNOD_HOST: "0.0.0.0", SYNOD_INNER_TOKEN: "t" }, undefined, role)).toBe("");
  });

  test.each(["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]", "LOCALHOST"])("%s is open", (host) => {
    expect(mistakes({ SYNOD_HOST: host }, undefined, "chat")).toBe("");
    expect(mistakes({ SYNOD_HOST: host }, undefined, "judge")).toBe("");
  });

  test("a name that only looks like a loopback address is not one", () => {
    expect(mistakes({ SYNOD_HOST: "127.0.0.1.example.org" }, undefined, "judge")).toContain("is reachable");
  });
});

test.each([
  [
    { SYNOD_PORT: "65536" },
    'SYNOD_PORT: "65536" is not a port. Use a whole number from 0 (any free port) to 65535.',
  ],
  [{ SYNOD_GRPC_PORT: "1e3" }, 'SYNOD_GRPC_PORT: "1e3" is not a port.'],
  [{ SYNOD_HOST: "http://0.0.0.0" }, 'SYNOD_HOST: "http://0.0.0.0" is not a host.'],
  [{ SYNOD_LOG_LEVEL: "loud" }, 'SYNOD_LOG_LEVEL: "loud" is not a level. Use one of fatal, error'],
  [{ SYNOD_CORS_ORIGINS: "example.org" }, 'SYNOD_CORS_ORIGINS: "example.org" is not an origin.'],
  [
    { SYNOD_JUDGE_TARGET: "http://judge:7004" },
    'SYNOD_JUDGE_TARGET: "http://judge:7004" is not a gRPC target.',
  ],
  [{ SYNOD_INNER_TOKEN: "two words" }, "SYNOD_INNER_TOKEN: is not usable."],
  [
    { SYNOD_DATABASE_URL: "mysql://u:CANARY@db/synod" },
    "SYNOD_DATABASE_URL: is not the URL of a PostgreSQL database.",
  ],
])("a variable that cannot be used: %j", (variables, expected) => {
  const message = mistakes(variables as Record<string, string>);
  expect(message).toContain(expected);
  expect(message).not.toContain("CANARY");
});

test.each([
  "judge:7004",
  "dns:///judge:7004",
  "dns://8.8.8.8/judge:7004",
  "ipv4:10.0.0.1:1,10.0.0.2:1",
  "unix:/run/j",
])("a target: %s", (target) => {
  expect(read({ SYNOD_JUDGE_TARGET: target }).targets.judge).toBe(target);
});

describe("the configuration file", () => {
  test("all mistakes at once, each with its path and what to do", () => {
    const message = mistakes(
      { SYNOD_PORT: "x" },
      {
        providers: { local: { kind: "ollama", base_url: 5 } },
        presets: {
          default: { members: [{ model: "groq/a" }, { model: "groq/b", temperature: 3, temprature: 1 }] },
        },
        limits: { rounds: 7 },
        extra: true,
      },
    );
    expect(message.split("\n")).toEqual([
      "7 mistakes:",
      '- synod.config.json: providers.local.kind: "ollama" is not known. Use one of "openrouter", "groq", "openai", ' +
        "or leave it out for the provider's id, if it is one of these.",
      "- synod.config.json: providers.local.base_url: 5 is not a text. Use a text of 1 to 2048 characters, or leave it " +
        "out for the provider's own.",
      "- synod.config.json: presets.default.members[1].temperature: 3 is not between 0 and 2. Use a number from 0 to 2, " +
        "or leave it out for the provider's default.",
      "- synod.config.json: presets.default.members[1].temprature: unknown key. Known here: model, max_tokens, " +
        "temperature, seed, weight, accuracy, samples, fallbacks, family.",
      "- synod.config.json: limits.rounds: 7 is not between 1 and 6. Use a whole number from 1 to 6, or leave it out for 6.",
      "- synod.config.json: extra: unknown key. Known here: providers, presets, limits, history.",
      '- SYNOD_PORT: "x" is not a port. Use a whole number from 0 (any free port) to 65535.',
    ]);
  });

  test("text that is not JSON", () => {
    expect(mistakes({}, '{\n  "presets": {},\n}')).toMatch(
      /^synod.config.json: is not JSON: look at line 3, column 1/,
    );
    expect(mistakes({}, "")).toContain("is not JSON");
    expect(mistakes({}, "[]")).toContain("synod.config.json: a list is not an object.");
    expect(mistakes({}, '\uFEFF{"presets": {}}')).toBe("");
  });

  test("names of prototypes", () => {
    const text =
      '{"presets": {"__proto__": {"members": []}}, "providers": {"constructor": {}, ' +
      '"groq": {"models": {"__proto__": {}}}}, "__proto__": {}}';
    const message = mistakes({}, text);
    expect(message).toContain("presets.__proto__: cannot be a name.");
    expect(message).toContain("providers.groq.models.__proto__: cannot be a name.");
    expect(message).toContain("providers.constructor.kind: is missing.");
    expect(message).toContain("__proto__: unknown key.");
  });

  test("providers", () => {
    const message = mistakes(
      {},
      {
        providers: {
          sim: { kind: "openai" },
          groq: { kind: "openai" },
          other: {},
          local: { kind: "openai" },
        },
      },
    );
    expect(message).toContain("providers.sim: this id has a meaning of its own.");
    expect(message).toContain('providers.groq.kind: "openai" is not groq\'s kind.');
    expect(message).toContain("providers.other.kind: is missing.");
    expect(message).toContain("providers.local.base_url: is missing.");
  });

  test("the operator's limits hold for presets", () => {
    const preset = {
      members: [{ model: "groq/a", samples: 3 }, { model: "groq/b" }],
      rounds: { max: 3 },
      judge: { mode: "gate", models: ["groq/c", "groq/d"], max_regenerations: 2 },
    };
    const limits = { members: 1, samples: 2, rounds: 2, judges: 1, regenerations: 1 };
    const message = mistakes({}, { limits, presets: { p: preset } });
    expect(message).toContain("presets.p.members: 2 is more than this server allows. Use at most 1 members.");
    for (const path of ["members[0].samples", "rounds.max", "judge.models", "judge.max_regenerations"]) {
      expect(message).toContain(`presets.p.${path}: `);
    }
  });

  test("a wrong value hides no other mistake of its preset or provider", () => {
    const preset = {
      members: [{ model: "groq/a" }],
      hedge_after_ms: 0,
      surprise: true,
      quorum: 9,
      judge: { mode: "gate" },
    };
    const providers = { local: { kind: "opnai", base_url: "no url" } };
    const message = mistakes({}, { presets: { p: preset }, providers });
    for (const path of ["p.hedge_after_ms", "p.surprise", "p.quorum", "p.judge.models"]) {
      expect(message).toContain(`presets.${path}: `);
    }
    expect(message).toContain("providers.local.kind: ");
  });

  test("what fields say of each other", () => {
    const preset = {
      members: [{ model: "groq/a", fallbacks: ["openrouter/x/y", "sim/ada-large"] }, { model: "groq/b" }],
      quorum: 3,
      judge: { mode: "gate" },
    };
    expect(mistakes({}, { presets: { p: preset } }).split("\n")).toEqual([
      "3 mistakes:",
      "- synod.config.json: presets.p.members[0].fallbacks[1]: a simulated model cannot stand in for a real one. Name a real model.",
      "- synod.config.json: presets.p.quorum: 3 can never be reached. Use 1 to 2, the answers asked for, or leave it out for a majority.",
      '- synod.config.json: presets.p.judge.models: is needed for mode "gate". Name a judge, or use mode "off".',
    ]);
    const jury = { members, judge: { mode: "gate", models: ["groq/j"], votes_needed: 2 } };
    expect(mistakes({}, { presets: { p: jury } })).toContain(
      "presets.p.judge.votes_needed: 2 can never be reached.",
    );
  });
});

describe("warnings", () => {
  test("a provider that is listed or used but has no key", () => {
    const config = { providers: { openrouter: {} }, presets: { p: { members }, q: { members } } };
    expect(read({}, config).warnings).toEqual([
      "openrouter is listed but has no key: set OPENROUTER_API_KEY. Until then it answers 503.",
      "groq is used by synod/p, synod/q but has no key: set GROQ_API_KEY. Until then it answers 503.",
    ]);
    expect(read({ GROQ_API_KEY: "k", OPENROUTER_API_KEY: "k" }, config).warnings).toEqual([]);
    expect(read({}, config, "chat").warnings).toEqual([]);
  });

  test("a single judge of a member's family", () => {
    const preset = { members: [{ model: "google/a" }], judge: { mode: "gate", models: ["google/b"] } };
    const warnings = read({ OPENROUTER_API_KEY: "k" }, { presets: { p: preset } }).warnings;
    expect(warnings).toEqual([
      "synod/p: the only judge, google/b, is of a member's family (google) and may share its mistakes.",
    ]);
  });

  test("variables that nothing reads", () => {
    expect(read({ SYNOD_APIKEYS: "secret", OTEL_SERVICE_NAME: "not ours" }).warnings).toEqual([
      "SYNOD_APIKEYS is not a setting of Synod; it is ignored.",
    ]);
  });
});
