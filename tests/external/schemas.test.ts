import type { Fault } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { get, post, readSse } from "../src/harness/api.js";
import { type Deployment, deployments, startDeployment } from "../src/harness/deployment.js";
import {
  fails,
  members,
  panel,
  says,
  startUpstream,
  synthesis,
  type Upstream,
  verdict,
} from "../src/harness/upstream.js";
import { expectAnswer, expectChunks, published } from "./conformance/published-schemas.js";

const schema = {
  type: "object",
  properties: { result: { type: "integer" } },
  required: ["result"],
  additionalProperties: false,
};
const response_format = { type: "json_schema", json_schema: { name: "sum", schema, strict: true } };
const tools = [{ type: "function", function: { name: "submit", parameters: schema } }];
const onceEach = { max_attempts: 1, breaker_failures: 1_000 };
const config = {
  providers: { openrouter: onceEach, groq: onceEach },
  presets: {
    default: panel().presets.default,
    limited: panel({ members: [1, 2].map((seat) => ({ model: `openrouter/limited/${seat}` })) }).presets
      .default,
    written: panel({
      aggregation: synthesis,
      judge: { mode: "annotate", models: [`openrouter/${members.judge}`] },
    }).presets.default,
    gated: panel({ judge: { mode: "gate", models: [`openrouter/${members.judge}`] } }).presets.default,
  },
};

const addressees = [
  "synod/default",
  "synod/written",
  "synod/gated",
  "openrouter/any/model",
  "groq/any-model",
];
const everyone = (...faults: Fault[]) => fails("*", faults);
const poem = "Roses are red, and each of them is one of seven.";

/** What is asked, how the upstream answers, and how the answer ends. */
const answers: readonly [string, Record<string, unknown>, readonly Fault[], string][] = [
  ["a text", {}, [], "stop"],
  ["JSON of a schema", { response_format }, [], "stop"],
  [
    "any JSON",
    { response_format: { type: "json_object" } },
    [{ kind: "say", text: '{"a":[1,null]}' }],
    "stop",
  ],
  ["a call of a tool", { tools }, [], "tool_calls"],
  ["no call of a tool", { tools, tool_choice: "none" }, [{ kind: "say", text: poem }], "stop"],
  ["a text that is cut", {}, [{ kind: "say", text: poem, finishReason: "length" }], "length"],
  [
    "a text after some reasoning",
    {},
    [{ kind: "say", text: poem, reasoning: "Let me think of it." }],
    "stop",
  ],
  ["a refusal", {}, [{ kind: "moderation" }], "content_filter"],
  ["no figures", {}, [{ kind: "usage", as: "missing" }], "stop"],
  ["odd characters", {}, [{ kind: "bad_text", as: "lone_surrogate" }], "stop"],
];

/** What goes wrong before an answer begins, and the status. The limit comes last: who is limited is spared for a while. */
const errors: readonly [string, Record<string, unknown>, readonly Fault[], number][] = [
  ["a wrong value", { temperature: 3 }, [], 400],
  ["an unknown model", { model: "synod/nonesuch" }, [], 404],
  ["a failure", {}, [{ kind: "status", status: 500 }], 502],
  ["a failure with a page", {}, [{ kind: "html", status: 502 }], 502],
  ["a limit", {}, [{ kind: "rate_limit", scope: "upstream" }], 429],
];

describe.each(deployments)("answers are what OpenAI and OpenRouter publish, $name", (kind) => {
  let upstream: Upstream;
  let synod: Deployment;

  beforeAll(async () => {
    upstream = await startUpstream();
    synod = await startDeployment(kind, { env: upstream.env, config });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await upstream[Symbol.asyncDispose]();
  });

  const ask = (model: string, more: object) =>
    post(`${synod.url}/v1/chat/completions`, {
      model,
      messages: [{ role: "user", content: "What is 17 * 23?" }],
      ...more,
    });
  const script = (faults: readonly Fault[]) =>
    upstream.script([
      says(members.judge, verdict("right")),
      ...(faults.length > 0 ? [everyone(...faults)] : []),
    ]);

  describe.each(addressees)("%s", (model) => {
    it.each(answers)("%s", async (_, more, faults, end) => {
      script(faults);
      const whole = await ask(model, more);
      expect([whole.status, whole.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
      const answer = whole.json<{ choices: { finish_reason: string }[] }>();
      expectAnswer(answer);
      expect(answer.choices.map(({ finish_reason: reason }) => reason)).toEqual([end]);

      const { chunks, done } = readSse((await ask(model, { ...more, stream: true })).text);
      expect(done).toBe(true);
      expectChunks(chunks);
      const ends = chunks.flatMap((chunk) => chunk["choices"] as { finish_reason: string | null }[]);
      expect(ends.at(-1)?.finish_reason).toBe(end);
    });
  });

  describe.each(["synod/limited", "openrouter/any/limited"])("%s", (model) => {
    it.each(errors)("%s is an error", async (_, more, faults, status) => {
      script(faults);
      const answer = await ask(model, more);
      expect(answer.status).toBe(status);
      expect(published.openaiError(answer.json())).toEqual([]);
      if (status === 429) return;
      const streamed = await ask(model, { ...more, stream: true });
      expect(published.openaiError(streamed.json())).toEqual([]);
    });
  });

  it.each([
    ["openrouter/any/model", "any/model"],
    ["groq/any-model", "any-model"],
    ["synod/written", members.aggregator],
  ])("an error in the middle of a stream: %s", async (model, writer) => {
    upstream.script([
      fails(writer, [
        { kind: "say", text: poem },
        { kind: "stream_error", afterTokens: 3 },
      ]),
    ]);
    const { chunks, done } = readSse((await ask(model, { stream: true })).text);
    expect(done).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ error: { code: expect.any(Number) } });
    expectChunks(chunks);
  });

  it("a stream that shows the members at work", async () => {
    upstream.script();
    const { chunks, done } = readSse(
      (await ask("synod/default", { stream: true, consensus: { stream: "members" } })).text,
    );
    expect(done).toBe(true);
    expect(chunks.filter((chunk) => "consensus_event" in chunk).length).toBeGreaterThan(3);
    expectChunks(chunks);
  });

  it("the list of models, and one of them", async () => {
    const list = (await get(`${synod.url}/v1/models`)).json<{ data: { id: string }[] }>();
    expect(published.openaiModels(list)).toEqual([]);
    expect(list.data.length).toBeGreaterThan(10);
    const one = (await get(`${synod.url}/v1/models/synod/default`)).json();
    expect(published.openaiModels({ object: "list", data: [one] })).toEqual([]);
  });

  it.each(["nothing", "v1/chat/completions"])("what HTTP refuses is an error: GET /%s", async (path) => {
    const answer = await get(`${synod.url}/${path}`);
    expect(answer.status).toBeGreaterThanOrEqual(404);
    expect(published.openaiError(answer.json())).toEqual([]);
  });
});
