import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type ListRunsRequest, type Run as ProtoRun, RunSchema, RunStatus } from "@synod/contracts/chat";
import { describe, expect, it } from "vitest";
import { answerOf, startHouse } from "./testing/house.js";

const run = (runId: string, more: MessageInitShape<typeof RunSchema> = {}): ProtoRun =>
  create(RunSchema, {
    runId,
    preset: "default",
    status: RunStatus.COMPLETED,
    createTime: timestampFromMs(1_000),
    ...more,
  });

describe("runs", () => {
  it("are read, with what is unset as null", async () => {
    const whole = run("r1", {
      status: RunStatus.RUNNING,
      eventCount: 4,
      idempotencyKey: "k",
      requestJson: "{}",
      answer: { message: answerOf("42").message ?? {}, usage: {} },
      failure: { message: "Broken.", retryable: true },
      consensus: { runId: "r1", strategy: "majority", usage: { costUsdNanos: 5n } },
      finishTime: timestampFromMs(2_500),
    });
    await using house = await startHouse({
      getRun: ({ runId }) => ({ run: runId === "r1" ? whole : run(runId) }),
      cancelRun: ({ runId }) => ({ run: run(runId, { status: RunStatus.CANCELLED }) }),
    });
    expect(await house.client.getRun("r1")).toMatchObject({
      runId: "r1",
      status: "running",
      createTime: new Date(1_000),
      finishTime: new Date(2_500),
      eventCount: 4,
      idempotencyKey: "k",
      requestJson: "{}",
      answer: { text: "42" },
      failure: { reason: "internal", message: "Broken." },
      consensus: { runId: "r1", strategy: "majority", costUsd: 5e-9, agreement: null },
    });
    expect(await house.client.getRun("r2")).toEqual({
      runId: "r2",
      preset: "default",
      status: "completed",
      incomplete: false,
      createTime: new Date(1_000),
      finishTime: null,
      eventCount: 0,
      idempotencyKey: null,
      requestJson: null,
      answer: null,
      failure: null,
      consensus: null,
    });
    expect((await house.client.cancelRun("r3")).status).toBe("cancelled");
  });

  it("are listed page by page, as far as the loop goes", async () => {
    const asked: ListRunsRequest[] = [];
    await using house = await startHouse({
      listRuns(request) {
        asked.push(request);
        const page = request.cursor === "" ? 1 : Number(request.cursor);
        return { runs: [run(`r${page}a`), run(`r${page}b`)], nextCursor: page < 3 ? `${page + 1}` : "" };
      },
    });
    const filter = {
      status: "failed",
      preset: "p",
      since: new Date(1),
      before: new Date(2),
      limit: 2,
    } as const;
    const first = await house.client.listRuns(filter);
    expect(first).toMatchObject({ runs: [{ runId: "r1a" }, { runId: "r1b" }], nextCursor: "2" });
    expect(asked[0]).toMatchObject({
      status: RunStatus.FAILED,
      preset: "p",
      since: timestampFromMs(1),
      before: timestampFromMs(2),
      limit: 2,
    });
    const ids: string[] = [];
    for await (const { runId } of house.client.allRuns()) ids.push(runId);
    expect(ids).toEqual(["r1a", "r1b", "r2a", "r2b", "r3a", "r3b"]);
    asked.length = 0;
    for await (const { runId } of house.client.allRuns({ cursor: "2" })) if (runId === "r2b") break;
    expect(asked.map(({ cursor }) => cursor)).toEqual(["2"]);
  });
});

it("lists what can be asked", async () => {
  await using house = await startHouse({
    listModels: () => ({
      models: [
        { id: "synod/default", owner: "synod" },
        { id: "groq/x", owner: "groq", created: 1_700_000_000n, contextTokens: 131_072n },
      ],
    }),
  });
  expect(await house.client.listModels()).toEqual([
    { id: "synod/default", owner: "synod", createTime: null, contextTokens: null },
    { id: "groq/x", owner: "groq", createTime: new Date(1_700_000_000_000), contextTokens: 131_072 },
  ]);
});
