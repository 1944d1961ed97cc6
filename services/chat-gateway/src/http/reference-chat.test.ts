import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { startGateway } from "../testing/gateway.js";
import { textOf } from "../testing/script.js";

const question = { system_message: "Be short.", user_message: "What is 6 x 7?" };

describe("POST /api/routes/chat/", () => {
  it("asks the default panel, with and without the last slash", async () => {
    await using house = await startGateway();
    for (const path of ["/api/routes/chat/", "/api/routes/chat"]) {
      const response = await house.post(path, question);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ response: "42" });
    }
    expect(house.ledger.rounds[0]?.messages.map(textOf)).toEqual(["Be short.", "What is 6 x 7?"]);
    expect(house.ledger.paid).toBe(6);
  });

  it("asks without an empty system message", async () => {
    await using house = await startGateway();
    await house.post("/api/routes/chat/", { ...question, system_message: "" });
    expect(house.ledger.rounds[0]?.messages.map(textOf)).toEqual(["What is 6 x 7?"]);
  });

  it("has the errors of the other routes", async () => {
    const failure = { reason: "upstream_error", message: "Broken.", retryable: true } as const;
    await using house = await startGateway({ script: { member: () => ({ failure }) } });
    const cases = [
      [{}, "user_message"],
      [{ ...question, user_message: 3 }, "user_message"],
      [{ ...question, model: "x" }, "model"],
    ] as const;
    for (const [body, param] of cases) {
      const response = await house.post("/api/routes/chat/", body);
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error.param).toBe(param);
    }
    expect(house.ledger.paid).toBe(0);
    const failed = await house.post("/api/routes/chat/", question);
    expect(failed.status).toBe(502);
    const { error, consensus } = await bodyOf(failed);
    expect(error.code).toBe("all_models_failed");
    expect(consensus.members).toHaveLength(3);
    expect(house.ledger.paid).toBe(3);
  });
});
