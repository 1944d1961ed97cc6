import type { RunEvent } from "@synod/consensus";
import { describe, expect, it } from "vitest";
import { createMemoryRunStore } from "./memory-run-store.js";
import { RunLogError, RunStoreFullError } from "./run-store.js";

const started = (text = ""): RunEvent => ({
  type: "run_started",
  messages: [{ role: "user", parts: [{ type: "text", text }] }],
  spec: {
    preset: "",
    members: [],
    quorum: 1,
    graceMs: 0,
    deadlineMs: 1,
    stopEarly: "off",
    stopConfidence: 0.95,
    askFirst: 1,
    hedgeAfterMs: null,
    answerFormat: "auto",
    rounds: { max: 1, stopWhen: "stable" },
    improvementPrompt: "",
    aggregatedPromptType: "system",
    aggregation: { strategy: "majority", model: "", sampling: {}, context: [], prompt: [], when: "always" },
    judge: {
      mode: "off",
      models: [],
      votesNeeded: 1,
      maxRegenerations: 0,
      regenerate: "round",
      whenDown: "answer",
    },
    budget: {},
    seed: 0,
    simulated: false,
  },
});
const deadline: RunEvent = { type: "deadline_reached" };
const finished: RunEvent = { type: "run_finished", result: { status: "cancelled" } };

describe("createMemoryRunStore", () => {
  it("numbers the events of each run from 1 and gives them back in order", async () => {
    let time = 100;
    const store = createMemoryRunStore({ now: () => time++ });
    await store.append("a", started());
    await store.append("b", started());
    const third = await store.append("a", deadline);
    expect(third.seq).toBe(2);
    expect((await store.read("a")).map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, "run_started"],
      [2, "deadline_reached"],
    ]);
    expect(await store.read("b")).toHaveLength(1);
    expect(await store.read("c")).toEqual([]);
  });

  it("gives a copy: what is read does not change", async () => {
    const store = createMemoryRunStore();
    await store.append("a", started());
    const before = await store.read("a");
    await store.append("a", deadline);
    expect(before).toHaveLength(1);
  });

  it("refuses events out of place", async () => {
    const store = createMemoryRunStore();
    await expect(store.append("a", deadline)).rejects.toThrow(RunLogError);
    await store.append("a", started());
    await expect(store.append("a", started())).rejects.toThrow(RunLogError);
    await store.append("a", finished);
    await expect(store.append("a", deadline)).rejects.toThrow(RunLogError);
    expect(await store.read("a")).toHaveLength(2);
  });

  it("lists the newest runs first", async () => {
    const store = createMemoryRunStore({ now: () => 7 });
    for (const id of ["a", "b", "c"]) await store.append(id, started());
    await store.append("b", finished);
    expect(await store.list(2)).toEqual([
      { runId: "c", startTimeMs: 7, finished: false, events: 1 },
      { runId: "b", startTimeMs: 7, finished: true, events: 2 },
    ]);
  });

  it("drops the runs that finished first when there are too many", async () => {
    const store = createMemoryRunStore({ maxRuns: 3 });
    for (const id of ["a", "b", "c"]) await store.append(id, started());
    await store.append("b", finished);
    await store.append("a", finished);
    await store.append("d", started());
    expect((await store.list(9)).map((run) => run.runId)).toEqual(["d", "c", "a"]);
  });

  it("drops finished runs when there are too many events or too much text", async () => {
    const byEvents = createMemoryRunStore({ maxEvents: 4 });
    await byEvents.append("a", started());
    await byEvents.append("a", finished);
    await byEvents.append("b", started());
    await byEvents.append("b", deadline);
    expect(await byEvents.read("a")).toHaveLength(2);
    await byEvents.append("b", finished);
    expect(await byEvents.read("a")).toEqual([]);
    expect(await byEvents.read("b")).toHaveLength(3);

    const byText = createMemoryRunStore({ maxText: 5_000 });
    await byText.append("a", started("x".repeat(4_000)));
    await byText.append("a", finished);
    await byText.append("b", started("x".repeat(4_000)));
    expect((await byText.list(9)).map((run) => run.runId)).toEqual(["b"]);
  });

  it("never drops a run that goes on: it refuses a new one and has room again when one ends", async () => {
    const store = createMemoryRunStore({ maxRuns: 2 });
    await store.append("a", started());
    await store.append("b", started());
    await expect(store.append("c", started())).rejects.toThrow(RunStoreFullError);
    expect((await store.list(9)).map((run) => run.runId)).toEqual(["b", "a"]);
    await store.append("a", finished);
    await store.append("c", started());
    expect((await store.list(9)).map((run) => run.runId)).toEqual(["c", "b"]);
  });

  it("accepts the events of a run that goes on beyond every limit", async () => {
    const store = createMemoryRunStore({ maxEvents: 2, maxText: 1_000 });
    await store.append("a", started());
    for (let i = 0; i < 5; i++) await store.append("a", deadline);
    await store.append("a", finished);
    expect(await store.read("a")).toEqual([]);
  });
});
