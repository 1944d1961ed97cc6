import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { createSynodClient } from "@synod/client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { ConsensusJson } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { hasTerminals, type SynodOptions, startSynod, startSynodOnTerminal, synod } from "./harness/synod.js";
import { fails, members, panel, says, startUpstream, synthesis, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

const { gemini, llama, mistral, aggregator } = members;
const says42 = [says(gemini, "It is 42."), says(llama, "42"), says(mistral, "41")];

/** What `--json` prints of an answer, as far as it is looked at. */
interface Answer {
  readonly consensus: ConsensusJson;
}

// Each call is a process: on a busy machine they take their time.
const withinMs = 60_000;

describe.each(deployments)("the command line, $name", { timeout: withinMs }, (kind) => {
  let upstream: Upstream;
  let house: Deployment;
  const call = (args: readonly string[], options: SynodOptions = {}) =>
    synod(args, { ...options, env: { SYNOD_URL: house.url } });
  const client = () => createSynodClient({ baseUrl: house.url });
  const paid = (): number => upstream.calls().length;

  beforeAll(async () => {
    upstream = await startUpstream();
    house = await startDeployment(kind, { env: upstream.env, config: panel() });
  }, withinMs);
  afterAll(async () => {
    expect(await house.stop()).toBe(0);
    await upstream[Symbol.asyncDispose]();
  });
  beforeEach(() => upstream.script(says42));

  it("asks: the answer alone on the output, all else beside it", async () => {
    const { code, out, err } = await call(["chat", "What is 6 x 7?"]);
    expect([code, out]).toEqual([0, "It is 42.\n"]);
    expect(err).toMatch(/^synod\/default: 3 members, majority\nround 1: asking 3 voters\n/);
    for (const line of [
      new RegExp(`^round 1: groq/${llama} answered 42 after `, "m"),
      /^round 1: aggregated on 42, agreement 67 %$/m,
      /^completed: complete$/m,
      /^agreement 67 % · 3 calls · \d+ tokens · \S+ · /m,
      new RegExp(`^dissent: 41 \\(openrouter/${mistral}\\)$`, "m"),
      /^run [0-9a-f-]{36}$/m,
    ]) {
      expect(err).toMatch(line);
    }
    expect(paid()).toBe(3);
    expect(await call(["chat", "-q", "-"], { input: "What is 6 x 7?" })).toEqual({
      code: 0,
      out: "It is 42.\n",
      err: "",
    });
    expect(paid()).toBe(6);
  });

  it("sends what its options say, and prints one JSON object", async () => {
    const consensus = JSON.stringify({ aggregation: { strategy: "concatenate" } });
    const args = ["--system", "Be short.", "--max-tokens", "50", "--temperature", "0.5", "--deadline", "20s"];
    const { code, out, err } = await call(["chat", "?", "--json", "--consensus", consensus, ...args]);
    expect([code, err]).toEqual([0, ""]);
    const answer = JSON.parse(out) as Answer;
    expect(answer).toMatchObject({
      model: "synod/default",
      answer: expect.stringMatching(/Answer A:\n/),
      refusal: null,
      tool_calls: [],
      finish_reason: "stop",
      usage: { total_tokens: expect.any(Number) },
      consensus: { preset: "default", strategy: "concatenate", agreement: null, calls: { made: 3 } },
      request_id: expect.any(String),
    });
    expect(answer.consensus.members.map(({ status }) => status)).toEqual(Array(3).fill("answered"));
    for (const { body } of upstream.calls()) {
      const { max_tokens: most, max_completion_tokens: mostForGroq = most, ...others } = Object(body);
      expect(mostForGroq).toBe(50);
      expect(others).toMatchObject({
        temperature: 0.5,
        messages: [{ content: "Be short." }, { content: "?" }],
      });
    }
    expect(paid()).toBe(3);
  });

  it("replays a run without any call of a model, the same each time", async () => {
    upstream.script([...says42, says(aggregator, "I would say 42.")]);
    const consensus = JSON.stringify({ aggregation: synthesis });
    const { out } = await call(["chat", "--json", "--consensus", consensus, "What is 6 x 7?"]);
    const { run_id: id } = (JSON.parse(out) as Answer).consensus;
    expect(paid()).toBe(4);
    await until("the run is stored", async () => (await client().getRun(id)).status === "completed");

    const replay = (...args: string[]) => call(["replay", id, "--strategy", ...args]);
    const first = await replay("majority");
    expect([first.code, first.err]).toEqual([0, ""]);
    expect(first.out).toContain("recorded: synthesis\n  I would say 42.\n  (agreement 67 %)\n");
    expect(first.out).toContain("replayed: majority\n  It is 42.\n  (agreement 67 %)\n");
    expect(first.out).toMatch(new RegExp(`^openrouter/${mistral} +41 +1 +against it$`, "m"));
    expect(first.out).toContain("The same answer as before. No model was asked.\n");
    expect(await replay("majority")).toEqual(first);

    const other = await replay("weighted", "--weight", `openrouter/${mistral}=3`, "--json");
    expect(JSON.parse(other.out)).toMatchObject({
      run_id: id,
      round: 1,
      recorded: { strategy: "synthesis", answer_key: "42" },
      replayed: {
        strategy: "weighted",
        answer: "41",
        agreement: 0.6,
        dissent: [{ answer_key: "42", models: [`openrouter/${gemini}`, `groq/${llama}`] }],
      },
    });
    expect(await replay("majority", "--round", "2")).toMatchObject({
      code: 1,
      err: `synod: run ${id} has no answer in round 2.\n`,
    });
    expect(paid()).toBe(4);
  });

  it("fails in plain words with 1, and names the run", async () => {
    const consensus = JSON.stringify({ members: [{ model: "openrouter/missing/x" }], quorum: 1 });
    const failing = await call(["chat", "-q", "--consensus", consensus, "?"]);
    expect([failing.code, failing.out]).toEqual([1, ""]);
    expect(failing.err).toMatch(/^synod: .*failed.*\nWhat happened: synod run [0-9a-f-]{36}\n/);
    const shown = await call(["run", /synod run (\S+)/.exec(failing.err)?.[1] ?? ""]);
    expect(shown.out).toMatch(/^failure\n {2}all_models_failed: /m);
    expect(paid()).toBe(1);
  });

  it("cancels the run on Ctrl-C, and ends with 130", async () => {
    upstream.script([says(gemini, "42"), fails(llama, { kind: "hang" }), fails(mistral, { kind: "hang" })]);
    const asking = startSynod(["chat", "-q", "?"], { env: { SYNOD_URL: house.url } });
    await until("all are asked", () => upstream.calls().length === 3);
    asking.interrupt();
    expect(await asking.result).toEqual({ code: 130, out: "", err: "" });
    await until("the run is cancelled", async () => {
      const { runs } = await client().listRuns({ limit: 1 });
      return runs[0]?.status === "cancelled";
    });
    expect(paid()).toBe(3);
  });
});

describe("the command line, without Synod", () => {
  it("says where it looked and what to do; and what means nothing", { timeout: withinMs }, async () => {
    expect(await synod(["chat", "?"], { env: { SYNOD_URL: "http://127.0.0.1:9999/" } })).toEqual({
      code: 1,
      out: "",
      err:
        "synod: http://127.0.0.1:9999 cannot be reached (ECONNREFUSED).\n" +
        "Start Synod with `npm start`, or say where it is with --url or SYNOD_URL.\n",
    });
    const { code, out, err } = await synod(["chta"]);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining("(Did you mean chat?)")]);
  });
});

describe.skipIf(!hasTerminals)("on a terminal", { timeout: withinMs }, () => {
  let upstream: Upstream;
  let house: Deployment;
  beforeAll(async () => {
    upstream = await startUpstream();
    house = await startDeployment(deployments[0], { env: upstream.env, config: panel() });
  }, withinMs);
  afterAll(async () => {
    expect(await house.stop()).toBe(0);
    await upstream[Symbol.asyncDispose]();
  });
  const start = (...args: string[]) => startSynodOnTerminal(args, { SYNOD_URL: house.url });

  it("the panel is drawn as it answers, and the answer cannot control the terminal", async () => {
    const text = "\x1b]0;owned\x07It is \x1b[31m42";
    upstream.script([gemini, llama, mistral].map((model) => says(model, text)));
    const { code, out } = await start("chat", "What is 6 x 7?").result;
    expect(code).toBe(0);
    // It goes up over what it has drawn, and draws anew.
    expect(out).toContain("\x1b[5A\r\x1b[J");
    const last = stripVTControlCharacters(out.slice(out.lastIndexOf("\x1b[J")));
    const shown = last.replaceAll("\r\n", "\n");
    expect(shown).toMatch(
      /^synod\/default · majority · round 1 of 1\n( {2}✓ (openrouter|groq)\/\S+ +31 .*\n){3}3\/3 answered · /,
    );
    expect(shown).toContain("\n\n\\x1b]0;owned\\x07It is \\x1b[31m42\n\nagreement 100 % · 3 calls · ");
    expect(out).not.toContain("\x1b]0;");
  });

  it("Ctrl-C cancels the run", async () => {
    upstream.script([says(gemini, "42"), fails(llama, { kind: "hang" }), fails(mistral, { kind: "hang" })]);
    const asking = start("chat", "?");
    await until("all are asked", () => upstream.calls().length === 3);
    asking.interrupt();
    const { code, out } = await asking.result;
    expect(code).toBe(130);
    expect(out).toMatch(new RegExp(`groq/${llama} .*stopped`));
    await until("the run is cancelled", async () => {
      const { runs } = await createSynodClient({ baseUrl: house.url }).listRuns({ limit: 1 });
      return runs[0]?.status === "cancelled";
    });
    expect(upstream.calls()).toHaveLength(3);
  });
});

it("makes keys that open a running Synod until they are revoked", { timeout: withinMs }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "synod-cli-keys-"));
  await using upstream = await startUpstream();
  upstream.script(says42);
  await using house = await startDeployment(deployments[0], {
    env: { ...upstream.env, SYNOD_DATA_DIR: dataDir },
    config: panel(),
  });
  const keys = (...args: string[]) => synod(["keys", ...args], { env: { SYNOD_DATA_DIR: dataDir } });
  const ask = (env: Readonly<Record<string, string>>) =>
    synod(["chat", "-q", "?"], { env: { SYNOD_URL: house.url, ...env } });
  const opens = (apiKey?: string): Promise<boolean> =>
    createSynodClient({ baseUrl: house.url, ...(apiKey !== undefined && { apiKey }) })
      .listRuns()
      .then(
        () => true,
        () => false,
      );
  expect(await opens()).toBe(true);

  const secret = (await keys("create", "--name", "one")).out.trim();
  await until("a key is needed", async () => !(await opens()));
  const refused = {
    code: 1,
    out: "",
    err: expect.stringMatching(/^synod: .*\nSet SYNOD_API_KEY to a key of this Synod/),
  };
  expect(await ask({})).toEqual(refused);
  expect(await ask({ SYNOD_API_KEY: secret })).toMatchObject({ code: 0, out: "It is 42.\n" });

  const [, id = ""] = /^sk-synod-([0-9a-f]+)-/.exec(secret) ?? [];
  expect(await keys("revoke", id)).toMatchObject({ code: 0 });
  await until("it is known to be revoked", async () => !(await opens(secret)));
  expect(await ask({ SYNOD_API_KEY: secret })).toEqual(refused);
  expect(upstream.calls()).toHaveLength(3);
  expect(house.output()).not.toContain(secret.slice(-43));
  expect(await house.stop()).toBe(0);
  rmSync(dataDir, { recursive: true });
});
