import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { type ChatEvent, createSynodClient, SynodClientError, type SynodClient } from "@synod/client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { fails, members, panel, says, startUpstream, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

const { gemini, llama, mistral } = members;
const root = fileURLToPath(new URL("../..", import.meta.url));

describe.each(deployments)("the client, $name", { timeout: 60_000 }, (kind) => {
  let upstream: Upstream;
  let house: Deployment;
  let client: SynodClient;
  const paid = (): number => upstream.calls().length;

  beforeAll(async () => {
    upstream = await startUpstream();
    house = await startDeployment(kind, { env: upstream.env, config: panel() });
    client = createSynodClient({ baseUrl: house.url });
  }, 60_000);
  afterAll(async () => {
    expect(await house.stop()).toBe(0);
    await upstream[Symbol.asyncDispose]();
  });
  beforeEach(() => upstream.script([says(gemini, "It is 42."), says(llama, "42"), says(mistral, "41")]));

  it("asks a panel, and a model", async () => {
    const answer = await client.chat({ messages: "What is 6 x 7?", temperature: 0.5 });
    expect(answer).toMatchObject({
      model: "synod/default",
      text: "It is 42.",
      finishReason: "stop",
      consensus: {
        preset: "default",
        strategy: "majority",
        agreement: 2 / 3,
        simulated: false,
        validated: null,
        stopped: "complete",
        members: [
          { model: `openrouter/${gemini}`, status: "answered", answerKey: "42", counted: true },
          { model: `groq/${llama}`, status: "answered", answerKey: "42" },
          { model: `openrouter/${mistral}`, status: "answered", answerKey: "41" },
        ],
        dissent: [{ answerKey: "41", models: [`openrouter/${mistral}`] }],
        judge: null,
        calls: { made: 3, saved: 0 },
      },
    });
    expect(answer.costUsd).toBeGreaterThan(0);
    expect(answer.consensus?.usage).toEqual(answer.usage);
    expect(upstream.calls()[0]?.body).toMatchObject({ temperature: 0.5 });
    const alone = await client.chat({
      model: `groq/${llama}`,
      messages: [answer.message, { role: "user", content: "?" }],
    });
    expect(alone).toMatchObject({ text: "42", consensus: null });
    expect(upstream.calls().at(-1)?.body).toMatchObject({
      messages: [
        { role: "assistant", content: "It is 42." },
        { role: "user", content: "?" },
      ],
    });
    expect(paid()).toBe(4);
  });

  it("streams the run and the answer, and reads the same run afterwards", async () => {
    const seen: ChatEvent[] = [];
    for await (const event of client.streamChat({ messages: "Which number?" })) seen.push(event);
    const types = seen.map((event) => (event.type === "run_event" ? event.logged.event.type : event.type));
    expect(types).toEqual([
      "run_started",
      "round_started",
      ...Array(3).fill("member_answered"),
      "round_ended",
      "aggregated",
      "run_finished",
      "delta",
      "finished",
    ]);
    const last = seen.at(-1);
    if (last?.type !== "finished" || last.answer.consensus === null) throw new Error("no consensus");
    const { answer } = last;
    const { runId } = last.answer.consensus;
    expect(paid()).toBe(3);

    await until("it is stored", async () => (await client.getRun(runId)).status === "completed");
    const run = await client.getRun(runId);
    expect(run).toMatchObject({
      runId,
      preset: "default",
      status: "completed",
      incomplete: false,
      eventCount: 8,
      answer: { text: "It is 42.", message: answer.message },
      failure: null,
      consensus: answer.consensus,
    });
    const events = [];
    for await (const logged of client.runEvents(runId)) events.push(logged);
    expect(events).toEqual(seen.flatMap((event) => (event.type === "run_event" ? [event.logged] : [])));
    const later = client.runEvents(runId, { afterSeq: 7 });
    expect((await later.next()).value).toEqual(events.at(-1));
    expect((await later.next()).done).toBe(true);

    const page = await client.listRuns({ preset: "default", status: "completed", limit: 1 });
    expect(page).toMatchObject({
      runs: [{ runId, status: "completed", answer: null }],
      nextCursor: expect.any(String),
    });
    const ids: string[] = [];
    for await (const each of client.allRuns({ limit: 1 })) ids.push(each.runId);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toBe(runId);
    expect(paid()).toBe(3);
  });

  it("cancels the run and its upstream calls when the loop is left, and by its id", async () => {
    const hanging = [says(gemini, "42"), fails(llama, { kind: "hang" }), fails(mistral, { kind: "hang" })];
    const consensus = { grace_ms: 60_000 };
    upstream.script(hanging);
    for await (const event of client.streamChat({ messages: "?", consensus })) {
      if (event.type === "run_event" && event.logged.event.type === "member_answered") break;
    }
    const over = (): boolean => upstream.calls().filter(({ state }) => state === "aborted").length === 2;
    await until("the upstream calls have ended", over);
    expect(paid()).toBe(3);

    upstream.script(hanging);
    const asking = client.chat({ messages: "?", consensus }).catch((error: unknown) => error);
    await until("all are asked", () => paid() === 3);
    const [going] = (await client.listRuns({ status: "running" })).runs;
    await client.cancelRun(going?.runId ?? "");
    expect(await asking).toMatchObject({ code: "run_cancelled", runId: going?.runId });
    await until("the upstream calls have ended", over);
    const ended = (await client.listRuns({ limit: 2 })).runs.map(({ status }) => status);
    expect(ended).toEqual(["cancelled", "cancelled"]);
    expect(paid()).toBe(3);
  });

  it("pays once for a question with an idempotency key, also when the connection breaks", async () => {
    let attempts = 0;
    const broken: typeof fetch = async (input, init) => {
      attempts += 1;
      if (attempts > 1) return fetch(input, init);
      const leaving = new AbortController();
      const left = fetch(input, { ...init, signal: leaving.signal }).catch(() => undefined);
      await until("all are asked", () => paid() === 3);
      leaving.abort();
      await left;
      throw new TypeError("the connection broke");
    };
    const once = { idempotencyKey: `client-${kind.name.replace(" ", "-")}` };
    const breaking = createSynodClient({ baseUrl: house.url, fetch: broken, retries: 2 });
    const answer = await breaking.chat({ messages: "What is 6 x 7?" }, once);
    expect([answer.text, attempts, paid()]).toEqual(["It is 42.", 2, 3]);
    const again = await client.chat({ messages: "What is 6 x 7?" }, once);
    expect({ ...again, requestId: "" }).toEqual({ ...answer, requestId: "" });
    await expect(client.chat({ messages: "What is 7 x 7?" }, once)).rejects.toMatchObject({
      code: "idempotency_key_reused",
      retryable: false,
    });
    expect(paid()).toBe(3);
  });

  it("fails as the server says", async () => {
    const failure = async (request: Parameters<SynodClient["chat"]>[0]): Promise<unknown> => {
      const error: unknown = await client.chat(request).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SynodClientError);
      return error;
    };
    const once = { retryable: false, requestId: expect.any(String) };
    expect(await failure({ model: "synod/nope", messages: "?" })).toMatchObject({
      ...once,
      code: "model_not_found",
      status: "not_found",
    });
    expect(await failure({ messages: "?", consensus: { quorum: 99 } })).toMatchObject({
      ...once,
      code: "invalid_value",
      field: expect.stringContaining("quorum"),
    });
    expect(await failure({ messages: [] })).toMatchObject({ ...once, field: "messages" });
    expect(paid()).toBe(0);
    const alone = { members: [{ model: "openrouter/missing/x" }], quorum: 1 };
    const failed = await failure({ messages: "?", consensus: alone });
    expect(failed).toMatchObject({
      code: "all_models_failed",
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(paid()).toBe(1);
    await expect(client.getRun("nope")).rejects.toMatchObject({ code: "run_not_found", status: "not_found" });
  });

  it("lists what can be asked", async () => {
    const models = await client.listModels();
    expect(models[0]).toMatchObject({ id: "synod/default", owner: "synod" });
    expect(models.map(({ id }) => id)).toContain(`groq/${llama}`);
  });
});

describe.each(deployments)("the client's page, $name", (kind) => {
  it("shows examples that print what it says", { timeout: 60_000 }, async () => {
    const page = readFileSync(`${root}packages/client/README.md`, "utf8");
    const blocks = (language: string): string =>
      [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))]
        .map(([, code]) => code)
        .join("");
    await using house = await startDeployment(kind);
    const child = spawn(process.execPath, ["--input-type=module"], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(blocks("js").replace("http://127.0.0.1:8080", house.url));
    expect(await text(child.stdout)).toBe(blocks("text"));
    expect(await house.stop()).toBe(0);
  });
});
