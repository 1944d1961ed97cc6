import { failureOf } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { startGateway, type TestGateway } from "../testing/gateway.js";
import { chatQuestion } from "../testing/question.js";
import { wholeRun } from "../testing/read-events.js";
import { says } from "../testing/script.js";
import { countedFollowers, openEmbeddedStores } from "../testing/stored.js";

async function armsOf(house: TestGateway, runId: string, afterSeq = 0): Promise<string[]> {
  const arms: string[] = [];
  for await (const { event } of house.chat.streamRunEvents({ runId, afterSeq })) {
    expect(event).toMatchObject({ runId, seq: afterSeq + arms.length + 1 });
    arms.push(event?.event.case ?? "");
  }
  return arms;
}

describe("ChatService.StreamRunEvents", () => {
  it("gives the events that are there and those that come, and ends after the last", async () => {
    const gate = createGate();
    await using stores = await openEmbeddedStores();
    await using house = await startGateway({
      stores,
      script: {
        member: (model) => (model === "sim/c" ? { after: gate.opened, pieces: ["42"] } : says("42")),
      },
    });
    const asked = house.chat.chat(chatQuestion());
    await eventually(() => house.ledger.members === 3);
    const runId = (await house.chat.listRuns({})).runs[0]?.runId ?? "";
    const [all, later] = [armsOf(house, runId), armsOf(house, runId, 4)];
    gate.open();
    expect(await all).toEqual(wholeRun);
    expect(await later).toEqual(wholeRun.slice(4));
    expect(await armsOf(house, runId, 8)).toEqual([]);
    await asked;
    expect(house.ledger.paid).toBe(3);
  });

  it("leaves nothing behind when its caller leaves, by a break or a signal", async () => {
    const gate = createGate();
    await using embedded = await openEmbeddedStores();
    const followers = countedFollowers(embedded);
    await using house = await startGateway({
      stores: followers.stores,
      script: { member: () => ({ after: gate.opened, pieces: ["42"] }) },
    });
    const asked = house.chat.chat(chatQuestion());
    await eventually(() => house.ledger.members === 3);
    const runId = (await house.chat.listRuns({})).runs[0]?.runId ?? "";
    const leaving = new AbortController();
    const follow = async (signal?: AbortSignal) => {
      for await (const { event } of house.chat.streamRunEvents(
        { runId },
        signal === undefined ? {} : { signal },
      )) {
        if (event?.event.case === "roundStarted" && signal === undefined) break;
      }
    };
    const followed = follow(leaving.signal).catch((error: unknown) => failureOf(error).reason);
    await follow();
    await eventually(() => followers.count() === 1, { what: "the one that broke off is gone" });
    leaving.abort();
    expect(await followed).toBe("canceled");
    await eventually(() => followers.count() === 0);
    gate.open();
    expect((await asked).consensus?.callsMade).toBe(3);
    expect(house.ledger.aborted).toBe(0);
  });

  it("knows no run of another caller, and none that never was", async () => {
    await using house = await startGateway({ apiKeys: ["one", "two"] });
    const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    const { consensus } = await house.chat.chat(chatQuestion(), as("one"));
    for (const runId of [consensus?.runId ?? "", "unknown", "\u0000"]) {
      const follow = async () => {
        for await (const _ of house.chat.streamRunEvents({ runId }, as("two"))) throw new Error("an event");
      };
      expect(await follow().catch((error: unknown) => failureOf(error).reason)).toBe("run_not_found");
    }
  });
});
