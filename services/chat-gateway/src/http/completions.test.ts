import { create } from "@bufbuild/protobuf";
import { FinishReason } from "@synod/contracts/model";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { SynodError } from "@synod/rpc";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { startGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { hangs, says } from "../testing/script.js";

const path = "/v1/completions";
const model = "openrouter/a/b";
const ask = (fields: object = {}): object => ({ model, prompt: "Once upon", ...fields });

describe("POST /v1/completions", () => {
  it("continues a text, in the shape of OpenAI's text completion", async () => {
    const whole = { rawFinishReason: "max_len", extraJson: '{"provider":"Fast"}', systemFingerprint: "fp_1" };
    const reply = { ...says(" a ", "time"), finishReason: FinishReason.LENGTH, whole };
    await using house = await startGateway({ script: { model: () => reply } });
    for (const asked of [path, "/openai/v1/completions"]) {
      const response = await house.post(asked, ask({ max_tokens: 2, suffix: "." }));
      expect(response.status).toBe(200);
      expect(await bodyOf(response)).toEqual({
        id: expect.stringMatching(/^cmpl-/),
        object: "text_completion",
        created: expect.any(Number),
        model,
        system_fingerprint: "fp_1",
        choices: [
          {
            index: 0,
            text: " a time",
            logprobs: null,
            finish_reason: "length",
            native_finish_reason: "max_len",
          },
        ],
        served_model: `${model}-served`,
        usage: expect.objectContaining({ prompt_tokens: 10, completion_tokens: 5, cost: 0.000001 }),
        provider: "Fast",
      });
    }
    expect(house.ledger.completions[0]).toMatchObject({
      model,
      prompt: "Once upon",
      messages: [],
      sampling: { maxOutputTokens: 2 },
      extraJson: '{"suffix":"."}',
    });
    expect(house.ledger.paid).toBe(2);
  });

  it("streams it", async () => {
    const reply = { ...says(" a ", '"time"'), whole: { rawFinishReason: "eos" } };
    await using house = await startGateway({ script: { model: () => reply } });
    const { chunks, done } = await readStream(await house.post(path, ask({ stream: true })));
    const head = {
      id: chunks[0]?.id,
      object: "text_completion",
      created: expect.any(Number),
      model,
      system_fingerprint: "synod",
    };
    const choice = { index: 0, logprobs: null, finish_reason: null };
    expect(chunks).toEqual([
      { ...head, choices: [{ ...choice, text: " a " }] },
      { ...head, choices: [{ ...choice, text: '"time"' }] },
      { ...head, choices: [{ ...choice, text: "", finish_reason: "stop", native_finish_reason: "eos" }] },
      { ...head, choices: [], served_model: `${model}-served`, usage: expect.any(Object) },
    ]);
    expect(done).toBe(true);
    expect(house.ledger.completions[0]?.prompt).toBe("Once upon");
    expect(house.ledger.paid).toBe(1);
  });

  it("says no more than its text: there is no place for it", async () => {
    const deltas = [{ reasoning: "hm" }, { refusal: "No." }, { extraJson: '{"images":[]}' }];
    const reply = { ...says("x"), deltas, whole: { reasoning: "hm" } };
    await using house = await startGateway({ script: { model: () => reply } });
    const { choices } = await bodyOf(await house.post(path, ask()));
    expect(Object.keys(choices[0]).toSorted()).toEqual(["finish_reason", "index", "logprobs", "text"]);
    const { chunks } = await readStream(await house.post(path, ask({ stream: true })));
    expect(chunks.map((chunk) => chunk.choices)).toMatchObject([
      [{ text: "x" }],
      [{ text: "", finish_reason: "stop" }],
      [],
    ]);
    expect(house.ledger.paid).toBe(2);
  });

  it("F19: ends with content_filter where the provider does not pass the text on", async () => {
    const error = new SynodError({ reason: "refused", message: "Moderated." });
    await using house = await startGateway({ script: { model: () => ({ error }) } });
    const filtered = { text: "", finish_reason: "content_filter" };
    expect((await bodyOf(await house.post(path, ask()))).choices).toMatchObject([filtered]);
    const { chunks, done } = await readStream(await house.post(path, ask({ stream: true })));
    expect(chunks.map((chunk) => chunk.choices)).toMatchObject([[filtered], []]);
    expect(done).toBe(true);
    expect(house.ledger.paid).toBe(2);
  });

  it("ends a stream that had begun with an error chunk and [DONE]", async () => {
    const error = new SynodError({ reason: "upstream_error", message: "Cut off." });
    await using house = await startGateway({ script: { model: () => ({ pieces: ["It"], error }) } });
    const { chunks, done } = await readStream(await house.post(path, ask({ stream: true })));
    expect(chunks.at(-1)).toMatchObject({
      object: "text_completion",
      error: { code: 502, message: "Cut off." },
      choices: [{ index: 0, text: "", finish_reason: "error" }],
    });
    expect(done).toBe(true);
    expect(house.ledger.paid).toBe(1);
  });

  it("fails as the model fails: Groq has no text completions", async () => {
    const failure = { reason: "invalid_value", message: "prompt: Groq has no text completions." } as const;
    const error = new SynodError(failure, { spent: create(SpentUsageSchema) });
    await using house = await startGateway({ script: { model: () => ({ error }) } });
    for (const stream of [false, true]) {
      const response = await house.post(path, ask({ model: "groq/x", stream }));
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error).toMatchObject({
        code: "invalid_value",
        message: failure.message,
      });
    }
  });

  it("refuses a panel, a body that is wrong, and other methods, before anybody is asked", async () => {
    await using house = await startGateway();
    for (const [fields, param] of [
      [{ model: "synod/default" }, "model"],
      [{ prompt: ["a", "b"] }, "prompt"],
      [{ n: 2 }, "n"],
    ] as const) {
      const response = await house.post(path, ask(fields));
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error).toMatchObject({ code: "invalid_value", param });
    }
    const got = await fetch(house.url + path);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    expect(house.ledger.paid).toBe(0);
  });

  it("waits no longer than X-Synod-Deadline-Ms says", async () => {
    await using house = await startGateway({ script: { model: () => hangs } });
    const response = await house.post(path, ask(), { headers: { "x-synod-deadline-ms": "50" } });
    expect(response.status).toBe(504);
    await eventually(() => house.ledger.aborted === 1);
    expect(house.ledger.paid).toBe(1);
  });
});
