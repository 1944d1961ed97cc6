import { textOf } from "./testing/script.js";
import { describe, expect, it } from "vitest";
import { bodyOf } from "./testing/body.js";
import { ask, startGateway } from "./testing/gateway.js";
import { readStream } from "./testing/read-stream.js";
import { says } from "./testing/script.js";

describe("200 runs at once", () => {
  it("do not mix: each caller gets the answer to its own question", async () => {
    await using house = await startGateway({
      script: {
        member: (model, request) => says(`${textOf(request.messages[0])} by ${model}`),
        aggregate: (request) => says(textOf(request.messages[0]), " answered"),
      },
    });
    const consensus = { aggregation: { strategy: "synthesis" } };
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const messages = [{ role: "user", content: `question ${index}` }];
        const stream = index % 2 === 0;
        const response = await house.post("/v1/chat/completions", ask({ messages, consensus, stream }));
        if (stream) return (await readStream(response)).text;
        return (await bodyOf(response)).choices[0].message.content;
      }),
    );
    expect(answers).toEqual(answers.map((_, index) => `question ${index} answered`));
    const ids = house.log.filter((line) => line["msg"] === "run completed").map((line) => line["run_id"]);
    expect(new Set(ids).size).toBe(200);
    expect(house.ledger.paid).toBe(800);
  }, 30_000);
});
