import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { RunStatus } from "@synod/contracts/chat";
import { failureOf } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { startGateway } from "../testing/gateway.js";
import { chatQuestion } from "../testing/question.js";
import { openEmbeddedStores } from "../testing/stored.js";

const begin = timestampFromMs(Date.UTC(2020, 0, 1));

describe("ChatService.ListRuns", () => {
  it("lists the newest first, page by page, without what takes a look at each", async () => {
    await using stores = await openEmbeddedStores();
    await using house = await startGateway({ stores });
    const ids: unknown[] = [];
    for (let i = 0; i < 3; i++) ids.unshift((await house.chat.chat(chatQuestion())).consensus?.runId);
    const first = await house.chat.listRuns({ limit: 2 });
    const last = await house.chat.listRuns({ limit: 2, cursor: first.nextCursor });
    expect(last.nextCursor).toBe("");
    const runs = [...first.runs, ...last.runs];
    expect(runs.map(({ runId }) => runId)).toEqual(ids);
    for (const run of runs) {
      expect(run).toMatchObject({
        preset: "default",
        status: RunStatus.COMPLETED,
        eventCount: 8,
        requestJson: "",
      });
      expect([run.answer, run.failure, run.consensus]).toEqual([undefined, undefined, undefined]);
    }
    expect(house.ledger.paid).toBe(9);
  });

  it("chooses by status, preset and time", async () => {
    await using house = await startGateway();
    await house.chat.chat(chatQuestion());
    const count = async (filter: Parameters<typeof house.chat.listRuns>[0]) =>
      (await house.chat.listRuns(filter)).runs.length;
    expect(await count({})).toBe(1);
    expect(await count({ status: RunStatus.COMPLETED, preset: "default", since: begin })).toBe(1);
    expect(await count({ status: RunStatus.FAILED })).toBe(0);
    expect(await count({ status: RunStatus.QUEUED })).toBe(0);
    expect(await count({ preset: "other" })).toBe(0);
    expect(await count({ before: begin })).toBe(0);
  });

  const mistakes = [
    [{ limit: 101 }],
    [{ cursor: "x" }],
    [{ cursor: "x".repeat(1_025) }],
    [{ preset: "a\u0000b" }],
    [{ preset: "x".repeat(257) }],
    [{ since: { seconds: 10n ** 18n, nanos: 0 } }],
    [{ before: { seconds: -(10n ** 18n), nanos: 0 } }],
  ] as const;
  it.each(mistakes)("refuses %o", async (filter) => {
    await using stores = await openEmbeddedStores();
    await using house = await startGateway({ stores });
    const failed = await house.chat.listRuns(filter).catch(failureOf);
    expect(failed).toMatchObject({ reason: "invalid_value" });
  });

  it("lists the caller's own alone", async () => {
    await using house = await startGateway({ apiKeys: ["one", "two"] });
    const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    await house.chat.chat(chatQuestion(), as("one"));
    expect((await house.chat.listRuns({}, as("one"))).runs).toHaveLength(1);
    expect((await house.chat.listRuns({}, as("two"))).runs).toEqual([]);
  });
});
