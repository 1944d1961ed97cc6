import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, defaultPreset, startGateway, type TestGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { runBodyOf, runListOf } from "../testing/run-body.js";
import { hangs, says } from "../testing/script.js";

const path = "/v1/chat/completions";
const cancelled = { type: "canceled", code: "run_cancelled", param: null };

const newestId = async (house: TestGateway): Promise<string> =>
  (await runListOf(await house.get("/v1/runs?limit=1"))).data[0]?.id ?? "";
const cancel = (house: TestGateway, runId: string) => house.post(`/v1/runs/${runId}/cancel`, {});
const look = async (house: TestGateway, runId: string) => runBodyOf(await house.get(`/v1/runs/${runId}`));

describe("a run that is cancelled", () => {
  it("leaves its calls, tells whoever waits, and counts what was asked", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const asked = house.post(path, ask());
    await eventually(() => house.ledger.members === 3);
    const runId = await newestId(house);
    expect(await look(house, runId)).toMatchObject({
      status: "running",
      finished_at: null,
      response: null,
      error: null,
      consensus: { run_id: runId, stopped: null },
    });
    const answer = await cancel(house, runId);
    expect(answer.status).toBe(200);
    expect(await runBodyOf(answer)).toMatchObject({ id: runId, object: "run" });
    const told = await asked;
    expect([told.status, told.headers.get("x-should-retry")]).toEqual([409, "false"]);
    const body = await bodyOf(told);
    expect(body).toMatchObject({ error: cancelled, consensus: { calls: { made: 3 } } });
    await eventually(() => house.ledger.aborted === 3, { what: "every member is left" });
    const run = await look(house, runId);
    expect(run).toMatchObject({ status: "cancelled", response: null, error: body.error });
    expect(run.consensus).toEqual(body.consensus);
    expect(run.finished_at).not.toBeNull();
    expect(house.log.find((line) => line["msg"] === "run cancelled")).toMatchObject({
      code: "run_cancelled",
      calls: 3,
    });
    expect(house.ledger.paid).toBe(3);
  });

  it("ends a stream that has begun with an error", async () => {
    await using house = await startGateway({
      presets: {
        default: { ...defaultPreset, aggregation: { strategy: "synthesis", model: "sim/synthesiser" } },
      },
      script: { aggregate: () => ({ ...says("It is ", "42"), hangs: true }) },
    });
    const response = await house.post(path, ask({ stream: true }));
    await eventually(() => house.ledger.aggregations.length === 1);
    const runId = await newestId(house);
    await cancel(house, runId);
    const { chunks, done } = await readStream(response);
    expect(done).toBe(true);
    expect(chunks.at(-1)).toMatchObject({
      error: { code: 409 },
      choices: [{ finish_reason: "error" }],
      consensus: { run_id: runId, calls: { made: 4 } },
    });
    await eventually(() => house.ledger.aborted === 1);
    expect(await look(house, runId)).toMatchObject({ status: "cancelled", error: cancelled });
    expect(house.ledger.paid).toBe(4);
  });

  it("stays as it ended when it is over", async () => {
    await using house = await startGateway();
    await house.post(path, ask());
    const runId = await newestId(house);
    const before = await look(house, runId);
    for (let times = 0; times < 2; times++) {
      const answer = await cancel(house, runId);
      expect(answer.status).toBe(200);
      expect(await runBodyOf(answer)).toEqual(before);
    }
    expect(await look(house, runId)).toEqual(before);
    expect(house.ledger.paid).toBe(3);
  });

  it("is told apart from one whose caller left", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const leaving = new AbortController();
    const asked = house.post(path, ask(), { signal: leaving.signal }).catch(() => "left");
    await eventually(() => house.ledger.members === 3);
    leaving.abort();
    expect(await asked).toBe("left");
    await eventually(() => house.log.some((line) => line["msg"] === "run cancelled"));
    expect(await look(house, await newestId(house))).toMatchObject({
      status: "cancelled",
      error: { code: "canceled", type: "canceled" },
      consensus: { calls: { made: 3 } },
    });
    expect(house.ledger.paid).toBe(3);
  });
});
