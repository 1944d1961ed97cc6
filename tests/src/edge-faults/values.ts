import { Code } from "@connectrpc/connect";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";

import { get, question } from "../harness/api.js";
import { grpcClient } from "../harness/ask-grpc.js";
import { messagesOf } from "../harness/upstream.js";
import { complete, type EdgeHouse, expectPaid } from "./edge-house.js";
import { sendRaw } from "./raw.js";

interface ErrorJson {
  readonly error: { readonly code: string; readonly param: string | null };
}

/** What may stand in a request, and what may not. */
export function testValues(house: () => EdgeHouse): void {
  it.each([
    ["synod/nope", 0],
    ["openrouter/acme/not-listed", 1],
  ])("F32: an unknown model is 404, also over RPC: %s", async (model, asked) => {
    house().upstream.script([
      { model: "acme/not-listed", calls: "all", fault: { kind: "status", status: 404 } },
      { model: "acme/healthy", calls: "all", fault: { kind: "say", text: "It is 391." } },
    ]);
    await expectPaid(house(), 2 * asked, async () => {
      const answer = await complete(house(), question("?", model));
      expect(answer.status).toBe(404);
      expect(answer.json<ErrorJson>().error).toMatchObject({ code: "model_not_found", param: "model" });
      await using grpc = grpcClient(house().synod.grpcAddress);
      expect(await grpc.failure(model)).toMatchObject({ code: Code.NotFound, reason: "model_not_found" });
    });
  });

  const wrong: readonly (readonly [string, string])[] = [
    ["temperature", '"temperature":3'],
    ["temperature", '"temperature":1e999'],
    ["max_tokens", '"max_tokens":0'],
    ["max_tokens", `"max_tokens":${"9".repeat(40)}`],
    ["n", '"n":1e9'],
    ["seed", '"seed":1.5'],
    ["consensus.rounds.max", '"consensus":{"rounds":{"max":1000000}}'],
    ["consensus.members", `"consensus":{"members":[${'{"model":"sim/x"},'.repeat(16)}{"model":"sim/x"}]}`],
    ["consensus.members[0].samples", '"consensus":{"members":[{"model":"sim/x","samples":-1}]}'],
  ];
  it("F33: what is out of range is 400 with its name, and nothing is asked", async () => {
    const messages = '"messages":[{"role":"user","content":"?"}]';
    await expectPaid(house(), 0, async () => {
      for (const [param, field] of wrong) {
        const answer = await raw(house(), `{"model":"synod/default",${messages},${field}}`);
        expect(answer.text).toMatch(/^HTTP\/1\.1 400 /);
        expect(answer.text).toContain(`"param":"${param}"`);
      }
    });
  });

  it("F37: a text reaches its model byte for byte, and no log", async () => {
    const text = "\u0000\u202e\u200b\u001b[31m\r\nInjected: yes\u2028👩‍🔬\u0085";
    const log = house().synod.output().length;
    await expectPaid(house(), 1, () => complete(house(), question(text, "openrouter/acme/healthy")));
    const sent = house()
      .upstream.calls()
      .map((call) => messagesOf(call)[0]?.content);
    expect(sent).toContain(text);
    expect(house().synod.output().slice(log)).not.toContain("Injected");
  });

  it.each(["x-request-id: a\u0001b", "x-request-id: a b", "idempotency-key: a\u007f", "x-title: a\u0000b"])(
    "F37, F44: a header that cannot be logged or sent on is 400: %j",
    async (header) => {
      await expectPaid(house(), 0, async () => {
        const body = JSON.stringify(question("?", "openrouter/acme/healthy"));
        const answer = await raw(house(), body, `${header}\r\n`);
        expect(answer.statuses).toEqual([400]);
      });
    },
  );

  it("F44: no field of a body becomes a header", async () => {
    const evil = "x\r\nX-Injected: yes";
    const beside = { user: evil, metadata: { a: evil }, title: evil, safety_identifier: evil };
    await expectPaid(house(), 1, () =>
      complete(house(), { ...question("?", "openrouter/acme/healthy"), ...beside }, { "x-title": "Fine" }),
    );
    const calls = house()
      .upstream.calls()
      .filter(({ body }) => JSON.stringify(body).includes("X-Injected"));
    expect(calls).toHaveLength(1);
    expect(calls[0]?.headers).toMatchObject({ "x-title": "Fine" });
    expect(JSON.stringify(calls[0]?.headers)).not.toContain("njected");
  });

  it("F43: nobody is dialled but who is configured", async () => {
    let dialled = 0;
    const elsewhere = createServer((_, response) => {
      dialled += 1;
      response.end("{}");
    });
    elsewhere.listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const image = { type: "image_url", image_url: { url: `${url}/image.png` } };
    const healthy = "openrouter/acme/healthy";
    const attempts: readonly (readonly [object, object, number])[] = [
      [question("?", `${url}/v1`), {}, 400],
      [question("?", "openrouter/../../elsewhere"), {}, 400],
      [question("?", "../groq/acme"), {}, 400],
      [{ ...question("?"), base_url: url }, {}, 400],
      [{ ...question("?"), consensus: { base_url: url } }, {}, 400],
      [{ ...question("?"), consensus: { providers: { groq: { base_url: url } } } }, {}, 400],
      [{ ...question("?"), consensus: { members: [{ model: `${url}/x` }] } }, {}, 400],
      [{ ...question("?", healthy), base_url: url, api_base: url }, {}, 200],
      [question("?", healthy), { "x-base-url": url, "x-forwarded-host": url, forwarded: `host=${url}` }, 200],
      [{ model: healthy, messages: [{ role: "user", content: [image] }] }, {}, 200],
    ];
    const asked = await expectPaidBetween(house(), async () => {
      for (const [body, headers, status] of attempts) {
        const answer = await complete(house(), body, headers);
        expect(answer.status, `${JSON.stringify(body)} ${answer.text}`).toBe(status);
      }
      for (const path of [
        "/v1/models/../../x/endpoints",
        `/v1/models/${encodeURIComponent(url)}/endpoints`,
      ]) {
        expect((await get(`${house().synod.url}${path}`)).status).toBeGreaterThanOrEqual(400);
      }
    });
    expect(asked).toBe(3);
    expect(dialled).toBe(0);
    elsewhere.close();
  });
}

/** How many completions were answered by a model meanwhile. */
async function expectPaidBetween(house: EdgeHouse, act: () => Promise<void>): Promise<number> {
  const finished = () =>
    house.upstream.calls().filter(({ state, status }) => state === "finished" && status === 200);
  const before = finished().length;
  await act();
  return finished().length - before;
}

function raw({ synod }: EdgeHouse, body: string, headers = "") {
  const length = Buffer.byteLength(body);
  return sendRaw(
    synod.url,
    `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}Content-Length: ${length}\r\n\r\n${body}`,
  );
}
