import type { Failure } from "@synod/consensus";
import { create } from "@bufbuild/protobuf";
import { MessageSchema, Role } from "@synod/contracts/model";
import { createMemoryStores, StorageError, type StorageProblem } from "@synod/run-store";
import type { Preset } from "@synod/settings";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, defaultPreset, startGateway, type TestGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { runBodyOf, runListOf } from "../testing/run-body.js";
import { says, type Script } from "../testing/script.js";
import { changedRuns, openEmbeddedStores } from "../testing/stored.js";

const path = "/v1/chat/completions";
const synthesis: Preset = {
  ...defaultPreset,
  aggregation: { strategy: "synthesis", model: "sim/synthesiser" },
  judge: { mode: "annotate", models: ["sim/judge"] },
};
const broken: Failure = { reason: "upstream_error", message: "Broken.", retryable: true };
const refused: Failure = { reason: "refused", message: "I will not.", retryable: false };
const key = (name: string): RequestInit => ({ headers: { authorization: `Bearer ${name}` } });

const newest = async (house: TestGateway) => {
  const { data } = await runListOf(await house.get("/v1/runs?limit=1"));
  return runBodyOf(await house.get(`/v1/runs/${data[0]?.id}`));
};

for (const [place, open] of [
  ["memory", async () => createMemoryStores()],
  ["a database", openEmbeddedStores],
] as const) {
  describe(`a run in ${place}`, () => {
    it("shows its request, and the answer as its caller got it", async () => {
      await using stores = await open();
      const script: Script = {
        member: (model) => says(model === "sim/c" ? "41" : "42"),
        aggregate: () => says("It is ", "42."),
      };
      await using house = await startGateway({ stores, script, presets: { default: synthesis } });
      const request = ask({ temperature: 0.1, max_tokens: 9, user: "\u0000é😀" });
      const answer = await bodyOf(await house.post(path, request));
      const run = await runBodyOf(await house.get(`/v1/runs/${String(answer.consensus["run_id"])}`));
      expect(Object.keys(run)).toEqual([
        "id",
        "object",
        "status",
        "created_at",
        "finished_at",
        "request",
        "response",
        "error",
        "consensus",
      ]);
      expect(run).toMatchObject({ object: "run", status: "completed", request, error: null });
      expect(run.response).toEqual(answer);
      expect(run.consensus).toEqual(answer.consensus);
      expect(run.id).toBe(answer.consensus["run_id"]);
      expect(run.response?.created).toBeLessThanOrEqual(run.finished_at ?? 0);
      expect(house.ledger.paid).toBe(5);
    });

    it("shows the answer that a stream came to", async () => {
      await using stores = await open();
      const script: Script = { aggregate: () => says("It is ", "42.") };
      await using house = await startGateway({ stores, script, presets: { default: synthesis } });
      const { chunks, text } = await readStream(await house.post(path, ask({ stream: true })));
      const run = await newest(house);
      const { id, created, system_fingerprint } = JSON.parse(JSON.stringify(chunks[0]));
      expect(run.response).toMatchObject({ id, created, system_fingerprint, object: "chat.completion" });
      expect(run.response?.choices[0]).toMatchObject({ message: { content: text }, finish_reason: "stop" });
      expect(run.response?.usage).toEqual(chunks.at(-1)?.usage);
      expect(run.response?.consensus).toEqual(chunks.at(-1)?.consensus);
      expect(run.request).toEqual(ask({ stream: true }));
      expect(house.ledger.paid).toBe(5);
    });

    it("shows the error that its caller got, and who was asked", async () => {
      await using stores = await open();
      await using house = await startGateway({ stores, script: { member: () => ({ failure: broken }) } });
      const answer = await bodyOf(await house.post(path, ask()));
      const run = await newest(house);
      expect(run).toMatchObject({ status: "failed", response: null, error: answer.error });
      expect(run.error?.code).toBe("all_models_failed");
      expect(run.consensus).toEqual(answer.consensus);
      expect(house.ledger.paid).toBe(3);
    });

    it("shows a refusal as the answer that it is", async () => {
      await using stores = await open();
      await using house = await startGateway({ stores, script: { member: () => ({ failure: refused }) } });
      const answer = await bodyOf(await house.post(path, ask()));
      expect(answer.choices[0].finish_reason).toBe("content_filter");
      expect(await newest(house)).toMatchObject({ status: "failed", response: answer, error: null });
      expect(house.ledger.paid).toBe(3);
    });

    it("is there whatever asked for it: the reference route, and RPCs", async () => {
      await using stores = await open();
      await using house = await startGateway({ stores });
      const reference = { system_message: "Be brief.", user_message: "What is 6 x 7?" };
      const answer = await bodyOf(await house.post("/api/routes/chat/", reference));
      expect(await newest(house)).toMatchObject({
        request: reference,
        response: { model: "synod/default", choices: [{ message: { content: answer.response } }] },
      });
      const text = "What is 6 x 7?";
      const messages = [
        create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: text } }] }),
      ];
      const chat = { model: "synod/default", messages, consensusJson: '{"quorum":1}' };
      const { id } = await house.chat.chat(chat);
      const request = {
        model: "synod/default",
        messages: [{ role: "ROLE_USER", parts: [{ text }] }],
        consensusJson: '{"quorum":1}',
      };
      expect(await newest(house)).toMatchObject({ request, response: { id } });
      for await (const { event } of house.chat.streamChat({ chat })) {
        if (event.case !== "finished") continue;
        expect(await newest(house)).toMatchObject({ request, response: { id: event.value.response?.id } });
      }
      expect(house.ledger.paid).toBe(9);
    });
  });
}

describe("a list of runs", () => {
  it("has the newest first, page by page, and what is chosen", async () => {
    const fast: Preset = { ...defaultPreset, quorum: 1 };
    const script: Script = { member: (model) => (model === "sim/broken" ? { failure: broken } : says("42")) };
    const bad: Preset = { ...defaultPreset, members: [{ model: "sim/broken" }] };
    await using house = await startGateway({ script, presets: { fast, bad } });
    const ids: unknown[] = [];
    for (const model of ["synod/default", "synod/fast", "synod/bad", "synod/fast"]) {
      const { consensus } = await bodyOf(await house.post(path, ask({ model })));
      ids.unshift(consensus["run_id"]);
    }
    const first = await runListOf(await house.get("/openai/v1/runs?limit=3"));
    expect(first).toMatchObject({ object: "list", has_more: true });
    expect(Object.keys(first.data[0] ?? {})).toEqual([
      "id",
      "object",
      "status",
      "created_at",
      "finished_at",
      "preset",
    ]);
    const last = await runListOf(await house.get(`/v1/runs?limit=3&cursor=${first.next_cursor}`));
    expect(last).toMatchObject({ has_more: false, next_cursor: null });
    expect([...first.data, ...last.data].map(({ id }) => id)).toEqual(ids);
    const chosen = async (query: string) =>
      (await runListOf(await house.get(`/v1/runs?${query}`))).data.map(({ id }) => id);
    expect(await chosen("preset=fast")).toEqual([ids[0], ids[2]]);
    expect(await chosen("status=failed")).toEqual([ids[1]]);
    expect(await chosen("status=queued")).toEqual([]);
    expect(await chosen("status=completed&preset=default")).toEqual([ids[3]]);
    expect(await chosen("before=2020-01-01T00:00:00Z")).toEqual([]);
    expect(await chosen("since=2020-01-01T00:00:00Z")).toEqual(ids);
    expect(house.ledger.paid).toBe(10);
  });

  it("is refused by the name of what is wrong", async () => {
    await using house = await startGateway();
    for (const [query, param] of [
      ["limit=0", "limit"],
      ["cursor=x", "cursor"],
      ["cursor=", "cursor"],
      ["colour=red", "colour"],
    ] as const) {
      const response = await house.get(`/v1/runs?${query}`);
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error).toMatchObject({ code: "invalid_value", param });
    }
  });
});

describe("a run of somebody else", () => {
  it("is as unknown as one that never was, whatever is asked of it", async () => {
    await using house = await startGateway({ apiKeys: ["one", "two"] });
    const answer = await bodyOf(
      await house.post(path, ask(), {
        headers: { ...key("one").headers, "content-type": "application/json" },
      }),
    );
    const runId = String(answer.consensus["run_id"]);
    expect((await house.get(`/v1/runs/${runId}`, key("one"))).status).toBe(200);
    const told = async (id: string, end: string, method = "GET") => {
      const response = await house.get(`/v1/runs/${id}${end}`, { ...key("two"), method });
      return [response.status, (await bodyOf(response)).error];
    };
    for (const [end, method] of [
      ["", "GET"],
      ["/events", "GET"],
      ["/cancel", "POST"],
    ] as const) {
      const theirs = await told(runId, end, method);
      expect(theirs).toMatchObject([404, { type: "invalid_request_error", code: "run_not_found" }]);
      expect(await told("00000000-0000-4000-8000-000000000000", end, method)).toEqual(theirs);
    }
    expect((await runListOf(await house.get("/v1/runs", key("two")))).data).toEqual([]);
    expect((await runListOf(await house.get("/v1/runs", key("one")))).data).toHaveLength(1);
    expect((await house.get("/v1/runs")).status).toBe(401);
    expect(house.ledger.paid).toBe(3);
  });
});

describe("an id that no run can have", () => {
  const ids = ["%00", "a%0Ab", "%1b[31m", "..", "a%2Fb", "%zz", "'; DROP TABLE run", "x".repeat(5_000), "é"];
  it.each(ids)("%s is unknown", async (id) => {
    await using stores = await openEmbeddedStores();
    await using house = await startGateway({ stores });
    for (const [end, method] of [
      ["", "GET"],
      ["/events", "GET"],
      ["/cancel", "POST"],
    ] as const) {
      const response = await house.get(`/v1/runs/${id.replaceAll(" ", "%20")}${end}`, { method });
      expect(response.status).toBe(404);
    }
  });
});

it("other methods and paths are told what there is", async () => {
  await using house = await startGateway();
  for (const [method, at, allow] of [
    ["POST", "/v1/runs", "GET"],
    ["DELETE", "/v1/runs/x", "GET"],
    ["POST", "/v1/runs/x/events", "GET"],
    ["GET", "/v1/runs/x/cancel", "POST"],
  ] as const) {
    const response = await house.get(at, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
  }
  for (const at of ["/v1/runs/", "/v1/runs/x/", "/v1/runs/x/other", "/v1/runs/x/events/y"]) {
    expect((await house.get(at)).status).toBe(404);
  }
});

describe("what is stored and cannot be read", () => {
  const problems: readonly (readonly [StorageProblem, number, string, string])[] = [
    ["unreadable", 500, "data_loss", "false"],
    ["broken", 500, "data_loss", "false"],
    ["unreachable", 503, "storage_unavailable", "true"],
    ["busy", 503, "storage_unavailable", "true"],
    ["newer", 503, "storage_unavailable", "false"],
    ["defect", 500, "internal", "false"],
  ];
  it.each(problems)("%s is %i %s, and says nothing of where (F48)", async (problem, status, code, again) => {
    const fails = (): Promise<never> =>
      Promise.reject(new StorageError(problem, "/CANARY/synod.db", "run x"));
    const stores = createMemoryStores();
    const changes = { about: fails, find: fails, list: fails, cancel: fails };
    await using house = await startGateway({
      stores: { ...stores, runs: changedRuns(stores.runs, changes) },
    });
    for (const [at, method] of [
      ["/v1/runs", "GET"],
      ["/v1/runs/x", "GET"],
      ["/v1/runs/x/events", "GET"],
      ["/v1/runs/x/cancel", "POST"],
    ] as const) {
      const response = await house.get(at, { method });
      expect([response.status, response.headers.get("x-should-retry")]).toEqual([status, again]);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ error: { code } });
      expect(text).not.toContain("CANARY");
    }
    const logged = house.log.filter((line) => JSON.stringify(line).includes("CANARY"));
    expect(logged).toHaveLength(status === 500 ? 4 : 0);
  });

  it("a log without its beginning, with a gap, or without the end that it had, is no run", async () => {
    const stores = createMemoryStores();
    let change = (log: readonly unknown[]): readonly unknown[] => log;
    const runs = changedRuns(stores.runs, {
      async find(runId, owner) {
        const found = await stores.runs.find(runId, owner);
        return found && JSON.parse(JSON.stringify({ ...found, log: change(found.log) }));
      },
    });
    await using house = await startGateway({ stores: { ...stores, runs } });
    const { consensus } = await bodyOf(await house.post(path, ask()));
    const look = () => house.get(`/v1/runs/${String(consensus["run_id"])}`);
    expect((await look()).status).toBe(200);
    for (const damage of [
      () => [],
      (log: readonly unknown[]) => log.slice(1),
      (log: readonly unknown[]) => [...log.slice(0, 2), ...log.slice(3)],
      (log: readonly unknown[]) => log.slice(0, -1),
    ]) {
      change = damage;
      const response = await look();
      expect(response.status).toBe(500);
      expect((await bodyOf(response)).error).toMatchObject({ code: "data_loss", type: "server_error" });
    }
  });
});
