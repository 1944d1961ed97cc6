import { RunStatus } from "@synod/contracts/chat";
import { ErrorReason } from "@synod/contracts/error";
import { failureOf } from "@synod/rpc";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { startGateway } from "../testing/gateway.js";
import { chatQuestion } from "../testing/question.js";
import { hangs } from "../testing/script.js";

describe("ChatService.CancelRun", () => {
  it("leaves the calls of a run, and tells whoever waits for it, streamed or not", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const chat = chatQuestion();
    const streamed = async (): Promise<never> => {
      for await (const { event } of house.chat.streamChat({ chat })) expect(event.case).toBe("runEvent");
      throw new Error("it ended without an error");
    };
    for (const ask of [() => house.chat.chat(chat), streamed]) {
      const before = house.ledger.members;
      const asked = ask().catch(failureOf);
      await eventually(() => house.ledger.members === before + 3);
      const [running] = (await house.chat.listRuns({ status: RunStatus.RUNNING })).runs;
      const runId = running?.runId ?? "";
      expect((await house.chat.cancelRun({ runId })).run).toMatchObject({ runId });
      expect(await asked).toMatchObject({ reason: "run_cancelled", retryable: false });
      await eventually(() => house.ledger.aborted === before + 3, { what: "every member is left" });
      expect((await house.chat.getRun({ runId })).run).toMatchObject({
        status: RunStatus.CANCELLED,
        failure: { reason: ErrorReason.RUN_CANCELLED },
        consensus: { callsMade: 3 },
      });
    }
    expect(house.ledger.paid).toBe(6);
  });

  it("changes nothing when the run is over", async () => {
    await using house = await startGateway();
    const { consensus } = await house.chat.chat(chatQuestion());
    const runId = consensus?.runId ?? "";
    const before = await house.chat.getRun({ runId });
    expect((await house.chat.cancelRun({ runId })).run).toEqual(before.run);
    expect(await house.chat.getRun({ runId })).toEqual(before);
  });

  it("knows no run of another caller, which goes on", async () => {
    await using house = await startGateway({ apiKeys: ["one", "two"], script: { member: () => hangs } });
    const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    const asked = house.chat.chat(chatQuestion(), as("one")).catch(failureOf);
    await eventually(() => house.ledger.members === 3);
    const runId = (await house.chat.listRuns({}, as("one"))).runs[0]?.runId ?? "";
    for (const id of [runId, "unknown", "\u0000"]) {
      const failed = await house.chat.cancelRun({ runId: id }, as("two")).catch(failureOf);
      expect(failed).toMatchObject({ reason: "run_not_found" });
    }
    expect(house.ledger.aborted).toBe(0);
    await house.chat.cancelRun({ runId }, as("one"));
    expect(await asked).toMatchObject({ reason: "run_cancelled" });
  });
});
