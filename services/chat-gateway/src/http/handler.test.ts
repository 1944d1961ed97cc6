import { request } from "node:http";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, startGateway } from "../testing/gateway.js";
import { hangs } from "../testing/script.js";

const path = "/v1/chat/completions";
const limit = 4 * 1024 * 1024;

describe("the routes", () => {
  it("answers under /openai/v1 as under /v1, and whatever the query", async () => {
    await using house = await startGateway();
    for (const asked of ["/openai/v1/chat/completions", "/v1/chat/completions?x=1"]) {
      expect((await house.post(asked, ask())).status).toBe(200);
    }
  });

  it("is 404 for what there is not, with the shape of every error", async () => {
    await using house = await startGateway();
    for (const asked of [
      "/index.html",
      "/v1",
      "/v1/embeddings",
      "/v1/chat/completions/x",
      "/openai/v2/models",
      "/constructor",
    ]) {
      const response = await fetch(house.url + asked);
      expect(response.status).toBe(404);
      expect(response.headers.get("x-request-id")).not.toBeNull();
      expect(response.headers.get("x-should-retry")).toBe("false");
      const { error } = await bodyOf(response);
      expect(error).toEqual({
        message: expect.any(String),
        type: "invalid_request_error",
        param: null,
        code: "not_found",
      });
    }
  });

  it("is 405 with Allow for another method", async () => {
    await using house = await startGateway();
    const got = await fetch(house.url + path);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    const posted = await house.post("/v1/models", {});
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect((await bodyOf(posted)).error.code).toBe("method_not_allowed");
  });

  it("names a request as its caller does, and refuses names that cannot be logged", async () => {
    await using house = await startGateway();
    const named = await house.post(path, ask(), { headers: { "x-request-id": "mine-1" } });
    expect(named.headers.get("x-request-id")).toBe("mine-1");
    expect(house.log.find((line) => line["msg"] === "run completed")).toMatchObject({ request_id: "mine-1" });
    const refused = await house.post(path, ask(), { headers: { "x-request-id": "a b" } });
    expect(refused.status).toBe(400);
    expect((await bodyOf(refused)).error.param).toBe("x-request-id");
    expect(house.ledger.paid).toBe(3);
  });

  it("refuses a deadline that is none", async () => {
    await using house = await startGateway();
    for (const deadline of ["0", "-1", "1.5", "soon", "3600001", "99999999999"]) {
      const response = await house.post(path, ask(), { headers: { "x-synod-deadline-ms": deadline } });
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error.param).toBe("x-synod-deadline-ms");
    }
    expect(house.ledger.paid).toBe(0);
  });
});

describe("a body", () => {
  it("must say that it is JSON, in UTF-8, as it is", async () => {
    await using house = await startGateway();
    const types = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonp",
      "application/json; charset=latin1",
    ];
    for (const type of types) {
      const response = await house.post(path, ask(), { headers: { "content-type": type } });
      expect(response.status).toBe(415);
      expect((await bodyOf(response)).error.code).toBe("unsupported_media_type");
    }
    const packed = await house.post(path, ask(), { headers: { "content-encoding": "gzip" } });
    expect(packed.status).toBe(415);
    for (const type of [
      "application/json; charset=UTF-8",
      'application/json;charset="utf-8"',
      "APPLICATION/JSON",
    ]) {
      expect((await house.post(path, ask(), { headers: { "content-type": type } })).status).toBe(200);
    }
  });

  it("must be JSON", async () => {
    await using house = await startGateway();
    for (const text of ["", "{", "nope", '{"model": "synod/default",}']) {
      const response = await house.post(path, text);
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error).toMatchObject({ code: "invalid_value", param: null });
    }
    const notUtf8 = await fetch(house.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(notUtf8.status).toBe(400);
    expect((await house.post(path, "[".repeat(100_000))).status).toBe(400);
    expect(house.ledger.paid).toBe(0);
  });

  it("F34: is refused with 413 when it is too large, said beforehand or not, and the connection is closed", async () => {
    await using house = await startGateway();
    const large = JSON.stringify(ask({ messages: [{ role: "user", content: "x".repeat(limit) }] }));
    const whole = await house.post(path, large);
    expect(whole.status).toBe(413);
    expect((await bodyOf(whole)).error.code).toBe("request_too_large");
    const endless = await sendEndlessly(house.url + path);
    expect(endless.status).toBe(413);
    expect(endless.connection).toBe("close");
    expect(endless.sentBytes).toBeLessThan(limit + 8 * 1024 * 1024);
    const fits = JSON.stringify(ask({ messages: [{ role: "user", content: "x".repeat(limit - 1_000) }] }));
    expect((await house.post(path, fits)).status).toBe(200);
    expect(house.ledger.paid).toBe(3);
  });
});

/** Sends a body without an end, until the answer comes. What the sockets buffer counts as sent. */
function sendEndlessly(
  url: string,
): Promise<{ status: number; connection: string | undefined; sentBytes: number }> {
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    let answered = false;
    const sending = request(url, { method: "POST", headers: { "content-type": "application/json" } });
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    const send = (): void => {
      if (answered) return;
      sentBytes += chunk.length;
      if (sending.write(chunk)) setImmediate(send);
      else sending.once("drain", send);
    };
    sending.once("response", (response) => {
      answered = true;
      resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, sentBytes });
      response.resume();
      sending.destroy();
    });
    sending.on("error", (error) => (answered ? undefined : reject(error)));
    send();
  });
}

describe("keys", () => {
  it("F31: are needed for every route, and a missing, malformed and unknown one answer alike", async () => {
    await using house = await startGateway({ apiKeys: ["one", "two"] });
    const answers = new Set<string>();
    for (const authorization of [undefined, "one", "Basic one", "Bearer", "Bearer three", "Bearer one two"]) {
      const response = await house.post(path, ask(), {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      answers.add(await response.text());
    }
    expect(answers.size).toBe(1);
    for (const asked of ["/v1/models", "/", "/metrics", "/api/routes/chat"]) {
      expect((await fetch(house.url + asked)).status).toBe(401);
    }
    expect(house.ledger.paid).toBe(0);
    for (const authorization of ["Bearer one", "bearer two"]) {
      expect((await house.post(path, ask(), { headers: { authorization } })).status).toBe(200);
    }
    await expect(house.chat.listModels({})).rejects.toMatchObject({
      message: expect.stringContaining("unauthenticated"),
    });
    await house.chat.listModels({}, { headers: { authorization: "Bearer two" } });
  });
});

describe("HEAD", () => {
  it("is the head of what GET answers", async () => {
    await using house = await startGateway();
    for (const asked of ["/v1/models", "/v1/runs", "/openapi.json"]) {
      const [head, whole] = [await house.get(asked, { method: "HEAD" }), await house.get(asked)];
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect(head.headers.get("content-length")).toBe(whole.headers.get("content-length"));
    }
  });

  it("does not wait for the end of a stream", async () => {
    await using house = await startGateway({ script: { member: () => hangs } });
    const leaving = new AbortController();
    const asked = house.post(path, ask(), { signal: leaving.signal }).catch(() => undefined);
    await eventually(() => house.ledger.paid === 3);
    const { data } = await bodyOf(await house.get("/v1/runs"));
    const head = await house.get(`/v1/runs/${data[0]?.id}/events`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    leaving.abort();
    await asked;
  });
});

describe("what is written down", () => {
  it("counts runs, calls, cost and requests, and logs neither prompts nor answers", async () => {
    await using house = await startGateway({ script: { member: () => ({ pieces: ["SECRET-ANSWER"] }) } });
    await house.post(path, ask({ messages: [{ role: "user", content: "SECRET-PROMPT" }] }));
    await house.post(path, ask({ model: "sim/a" }));
    await fetch(`${house.url}/nothing/here`);
    await eventually(() => house.log.filter((line) => line["msg"] === "request").length === 3);
    const text = (await house.metrics.text()).split("\n").filter((line) => line.startsWith("synod_"));
    expect(text).toContain('synod_runs_total{preset="default",outcome="completed",process="test"} 1');
    expect(text).toContain('synod_run_calls_total{preset="default",process="test"} 3');
    expect(text).toContain('synod_run_cost_usd_total{preset="default",process="test"} 0.000003');
    expect(text).toContain(
      'synod_http_requests_total{route="/v1/chat/completions",status="200",process="test"} 2',
    );
    expect(text).toContain('synod_http_requests_total{route="other",status="404",process="test"} 1');
    const run = house.log.find((line) => line["msg"] === "run completed");
    expect(run).toMatchObject({
      run_id: expect.any(String),
      preset: "default",
      calls: 3,
      cost_usd: 0.000003,
    });
    expect(JSON.stringify(house.log)).not.toMatch(/SECRET/);
  });
});
