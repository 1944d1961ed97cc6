import { describe, expect, it } from "vitest";
import { ask, startGateway } from "../testing/gateway.js";
import { says } from "../testing/script.js";

describe("POST /v1/chat/completions to a panel", () => {
  it("answers in OpenAI's shape with the record of the run", async () => {
    await using house = await startGateway({
      script: { member: (model) => says(model === "sim/c" ? "41" : "42") },
    });
    const response = await house.post("/v1/chat/completions", ask());
    if (response.status !== 200) console.log(await response.text(), house.log);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const body = await response.json();
    console.log(JSON.stringify(body, null, 1), house.log);
    expect(house.ledger.paid).toBe(4);
  });
});
