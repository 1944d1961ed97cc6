import { failureOf } from "@synod/rpc";
import { createMemoryRunStore, type StoredRun } from "@synod/run-store";
import { beforeAll, describe, expect, it } from "vitest";
import { requestOf, startRunner } from "../testing/runner.js";
import { viewOf } from "./run-view.js";

let whole: StoredRun;
beforeAll(async () => {
  const store = createMemoryRunStore();
  await using house = startRunner({}, { store });
  const { runId } = await house.runner.run({ ...requestOf(), logged: { request: "{}" } });
  const found = await store.find(runId);
  if (found === undefined) throw new Error("it is not stored");
  whole = found;
});

describe("what a run looks like", () => {
  it("is what its log says when it ended while it was looked at", () => {
    const early: StoredRun = { ...whole, status: "running", finishTimeMs: undefined };
    const view = viewOf(early);
    expect(view).toMatchObject({ status: "completed", incomplete: false, ending: { text: "42" } });
    expect(view.finishTimeMs).toBe(whole.log.at(-1)?.timeMs);
    expect(viewOf({ ...whole, status: "failed", incomplete: true })).toMatchObject({
      status: "completed",
      incomplete: false,
    });
  });

  it("is a failure when nobody carries it out any more", () => {
    const log = whole.log.slice(0, 4);
    const view = viewOf({ ...whole, log, status: "failed", incomplete: true, finishTimeMs: undefined });
    expect(view).toMatchObject({
      status: "failed",
      incomplete: true,
      finishTimeMs: undefined,
      ending: { type: "failure", failure: { reason: "service_unavailable" } },
      run: { result: null, record: { members: [{ status: "answered" }, { status: "answered" }] } },
    });
  });

  it("has no ending while it goes on", () => {
    const view = viewOf({ ...whole, log: whole.log.slice(0, 4), status: "running", finishTimeMs: undefined });
    expect([view.status, view.ending]).toEqual(["running", undefined]);
  });

  it("is no run when its request is no JSON", () => {
    let thrown: unknown;
    try {
      viewOf({ ...whole, request: '{"model":' });
    } catch (error) {
      thrown = error;
    }
    expect(failureOf(thrown).reason).toBe("data_loss");
  });
});
