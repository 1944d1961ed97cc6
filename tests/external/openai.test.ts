import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Deployment, deployments, startDeployment } from "../src/harness/deployment.js";

describe.each(deployments)("the official openai client, $name", (kind) => {
  let synod: Deployment;
  let client: OpenAI;

  beforeAll(async () => {
    synod = await startDeployment(kind);
    client = new OpenAI({ baseURL: `${synod.url}/v1`, apiKey: "none", maxRetries: 0 });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
  });

  it("gets an answer that the panel agreed on", async () => {
    const completion = await client.chat.completions.create({
      model: "synod/default",
      messages: [{ role: "user", content: "What is 17 * 23?" }],
    });
    expect(completion.choices[0]?.message.content).toContain("391");
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(completion).toMatchObject({ consensus: { simulated: true, calls: { made: 6 } } });
  });

  it("reads the same as a stream", async () => {
    const stream = await client.chat.completions.create({
      model: "synod/default",
      stream: true,
      messages: [{ role: "user", content: "What is 12 + 30?" }],
    });
    let text = "";
    let last: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      last = chunk;
    }
    expect(text).toContain("42");
    expect(last).toMatchObject({ choices: [], consensus: { simulated: true, calls: { made: 6 } } });
  });

  it("throws what was wrong", async () => {
    const asked = client.chat.completions.create({
      model: "synod/nonesuch",
      messages: [{ role: "user", content: "?" }],
    });
    await expect(asked).rejects.toMatchObject({ status: 404, code: "model_not_found", param: "model" });
  });

  it("lists the models", async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids[0]).toBe("synod/default");
    expect(ids).toContain("sim/ada-large");
  });
});
