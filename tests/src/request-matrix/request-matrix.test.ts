import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, type HttpAnswer, post, question } from "../harness/api.js";
import { type Deployment, deployments, startDeployment } from "../harness/deployment.js";
import { panel, startUpstream, type Upstream } from "../harness/upstream.js";
import { type Fate, type Row, rows } from "./rows.js";

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** The fields of a request that OpenAI publishes. */
function publishedFields(): readonly string[] {
  const { $defs } = JSON.parse(text("tests/schemas/openai.json"));
  return Object.keys($defs.CreateChatCompletionRequest.properties);
}

describe("the table", () => {
  it("has every field that OpenAI publishes", () => {
    const covered = new Set(["model", ...rows.map(({ field }) => field)]);
    expect(publishedFields().filter((field) => !covered.has(field))).toEqual([]);
  });

  it("has only fields that the documentation names", () => {
    const docs = text("docs/api.md");
    expect(rows.map(({ field }) => field).filter((field) => !docs.includes(`\`${field}\``))).toEqual([]);
  });
});

const members = [1, 2, 3].map((seat) => ({ model: `openrouter/seat/${seat}` }));
const config = panel({ members });
const addressees = [
  { who: "a panel", model: "synod/default", paid: 3, fateOf: (row: Row) => row.panel },
  { who: "one model", model: "openrouter/one/model", paid: 1, fateOf: (row: Row) => row.model },
] as const;

describe.each(deployments)("what becomes of each field of a request, $name", (kind) => {
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

  describe.each(addressees)("$who", ({ model, paid, fateOf }) => {
    const plain = { ...question("What is 17 * 23?"), model };
    const ask = (body: object): Promise<HttpAnswer> => {
      upstream.script();
      return post(`${synod.url}/v1/chat/completions`, { ...plain, ...body });
    };
    /** What the upstream was told beside who is asked and how it is to be carried. */
    const told = (): readonly object[] =>
      upstream.calls().map((call) => {
        const { model: _model, stream: _stream, stream_options: _options, ...body } = call.body as Told;
        return body;
      });

    it.each(rows)("$field: $body", async (row) => {
      const answer = await ask(row.body);
      const fate = fateOf(row);
      if (typeof fate === "object" && "refused" in fate) {
        const { error } = answer.json<{ error: { code: string; param: string; message: string } }>();
        expect([answer.status, error.code, error.param]).toEqual([400, "invalid_value", fate.refused]);
        expect(error.message).toContain(row.field);
        expect(upstream.calls()).toHaveLength(0);
        return;
      }
      expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
      expect(told()).toEqual(
        Array.from({ length: paid }, () => ({ messages: plain.messages, ...wordsOf(fate) })),
      );
      if (paid > 1 && row.body["stream"] !== true) {
        expect(answer.json<CompletionJson>().consensus.strategy).toBe(row.strategy ?? "majority");
      }
    });
  });
});

type Told = Readonly<Record<string, unknown>>;

function wordsOf(fate: Exclude<Fate, { readonly refused: string }>): object {
  return fate === "without effect" ? {} : fate.sent;
}
