import { RunStatus } from "@synod/contracts/chat";
import { FinishReason } from "@synod/contracts/model";
import { ErrorReason } from "@synod/contracts/error";
import { failureOf } from "@synod/rpc";
import type { Failure } from "@synod/consensus";
import { createMemoryStores, StorageError } from "@synod/run-store";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { startGateway } from "../testing/gateway.js";
import { chatQuestion } from "../testing/question.js";
import { hangs } from "../testing/script.js";
import { changedRuns, openEmbeddedStores } from "../testing/stored.js";

const broken: Failure = { reason: "upstream_error", message: "Broken.", retryable: true };
const refused: Failure = { reason: "refused", message: "I will not.", retryable: false };

describe("ChatService.GetRun", () => {
  it("shows the request, the answer and how it came about", async () => {
    await using stores = await openEmbeddedStores();
    await using house = await startGateway({ stores });
    const { message, finishReason, usage, consensus } = await house.chat.chat(chatQuestion());
    const runId = consensus?.runId ?? "";
    const { run } = await house.chat.getRun({ runId });
    expect(run).toMatchObject({
      runId,
      preset: "default",
      status: RunStatus.COMPLETED,
      incomplete: false,
      eventCount: 8,
      idempotencyKey: "",
      answer: { message, finishReason, usage },
      consensus,
    });
    expect(run?.failure).toBeUndefined();
    expect(run?.createTime?.seconds).toBeGreaterThan(0n);
    expect(run?.finishTime?.seconds).toBeGreaterThan(0n);
    expect(JSON.parse(run?.requestJson ?? "")).toEqual({
      model: "synod/default",
      messages: [{ role: "ROLE_USER", parts: [{ text: "What is 6 x 7?" }] }],
    });
    expect(house.ledger.paid).toBe(3);
  });

  it("shows why there is no answer", async () => {
    await using house = await startGateway({ script: { member: () => ({ failure: broken }) } });
    const failed: unknown = await house.chat.chat(chatQuestion()).catch((error: unknown) => error);
    const { message } = failureOf(failed);
    const { runs } = await house.chat.listRuns({});
    const { run } = await house.chat.getRun({ runId: runs[0]?.runId ?? "" });
    expect(run).toMatchObject({
      status: RunStatus.FAILED,
      failure: { reason: ErrorReason.ALL_MODELS_FAILED, message },
    });
    expect(run?.answer).toBeUndefined();
    expect(house.ledger.paid).toBe(3);
  });

  it("shows a refusal as the answer that it is", async () => {
    await using house = await startGateway({ script: { member: () => ({ failure: refused }) } });
    const { message, consensus } = await house.chat.chat(chatQuestion());
    expect(message?.refusal).not.toBe("");
    const { run } = await house.chat.getRun({ runId: consensus?.runId ?? "" });
    expect(run?.answer).toMatchObject({ message, finishReason: FinishReason.CONTENT_FILTER });
    expect(run?.failure).toBeUndefined();
  });

  it("shows a run that goes on", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const asked = house.chat.chat(chatQuestion()).catch(() => "cut");
    await eventually(() => house.ledger.members === 3);
    const runId = (await house.chat.listRuns({})).runs[0]?.runId ?? "";
    const { run } = await house.chat.getRun({ runId });
    expect(run).toMatchObject({ status: RunStatus.RUNNING, consensus: { runId, preset: "default" } });
    expect([run?.answer, run?.failure, run?.finishTime]).toEqual([undefined, undefined, undefined]);
    await house.chat.cancelRun({ runId });
    expect(await asked).toBe("cut");
  });

  it("knows no run of another caller, and none that never was", async () => {
    await using house = await startGateway({ apiKeys: ["one", "two"] });
    const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    const { consensus } = await house.chat.chat(chatQuestion(), as("one"));
    const runId = consensus?.runId ?? "";
    expect((await house.chat.getRun({ runId }, as("one"))).run?.runId).toBe(runId);
    const told = (id: string) => house.chat.getRun({ runId: id }, as("two")).catch(failureOf);
    const theirs = await told(runId);
    expect(theirs).toMatchObject({ reason: "run_not_found", retryable: false });
    for (const id of ["unknown", "a\u0000b", "\u001b[31m", "x y"]) expect(await told(id)).toEqual(theirs);
    for (const id of ["", "x".repeat(129)]) expect(await told(id)).toMatchObject({ reason: "invalid_value" });
  });

  it("says that a run is damaged, and not where it is kept (F48)", async () => {
    const stores = createMemoryStores();
    const find = () => Promise.reject(new StorageError("unreadable", "/CANARY/synod.db", "run x"));
    await using house = await startGateway({
      stores: { ...stores, runs: changedRuns(stores.runs, { find }) },
    });
    const failed = await house.chat.getRun({ runId: "x" }).catch(failureOf);
    expect(failed).toMatchObject({ reason: "data_loss", retryable: false });
    expect(JSON.stringify(failed)).not.toContain("CANARY");
  });
});
