import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { ask, startGateway, type TestGateway } from "../testing/gateway.js";

const path = "/v1/chat/completions";

describe("browsers", () => {
  const asksFirst = { "access-control-request-method": "POST" };
  const preflight = (url: string, headers: Record<string, string>) =>
    fetch(url + path, { method: "OPTIONS", headers: { ...asksFirst, ...headers } });

  it("of a listed origin may call, after a preflight, and no other", async () => {
    await using house = await startGateway({ corsOrigins: ["https://a.example"], apiKeys: ["one"] });
    const asked = {
      origin: "https://a.example",
      "access-control-request-headers": "x-stainless-os, authorization",
    };
    const allowed = await preflight(house.url, asked);
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "x-stainless-os, authorization",
      vary: "origin, access-control-request-method, access-control-request-headers",
    });
    const headers = { origin: "https://a.example", authorization: "Bearer one" };
    const answer = await house.post(path, ask(), { headers });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://a.example");
    expect(answer.headers.get("access-control-expose-headers")).toContain("x-request-id");
    for (const origin of [
      "https://b.example",
      "https://a.example.evil.example",
      "http://a.example",
      "null",
    ]) {
      const other = await house.post(path, ask(), { headers: { ...headers, origin } });
      expect(other.headers.get("access-control-allow-origin")).toBeNull();
      const refused = await preflight(house.url, { origin });
      expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, null]);
    }
  });

  it("are told that the answer depends on their origin, whether they name one or not", async () => {
    await using house = await startGateway({ corsOrigins: ["https://a.example"] });
    for (const headers of [{}, { origin: "https://a.example" }, { origin: "https://b.example" }]) {
      const answer = await house.get("/v1/models", { headers: { ...headers } });
      expect(answer.headers.get("vary")).toBe("origin");
    }
  });

  it("of every origin may call where all are listed, and never with what they know of the caller", async () => {
    for (const corsOrigins of [["*"], ["*", "https://a.example"], ["https://a.example"]]) {
      await using house = await startGateway({ corsOrigins });
      const headers = { origin: "https://a.example", cookie: "a=b" };
      for (const answer of [
        await house.get("/v1/models", { headers }),
        await preflight(house.url, headers),
      ]) {
        const origin = corsOrigins.includes("*") ? "*" : "https://a.example";
        expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
        expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
      }
    }
  });

  it("of no origin may call when none is listed", async () => {
    await using house = await startGateway();
    const refused = await preflight(house.url, { origin: "https://a.example" });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([405, null]);
  });
});

describe("F43: a name that somebody else owns", () => {
  const under = (house: TestGateway, host: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sending = request(`${house.url}/v1/runs`, { headers: { host, ...headers } }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += String(chunk)));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sending.on("error", reject);
      sending.end();
    });

  it("is not answered to where nobody needs a key", async () => {
    await using house = await startGateway({ corsOrigins: ["https://mine.example"] });
    const refused = await under(house, "evil.example:8080");
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text).error).toMatchObject({
      type: "permission_error",
      code: "host_not_allowed",
    });
    for (const host of ["localhost:8080", "127.0.0.1", "mine.example"]) {
      expect((await under(house, host)).status).toBe(200);
    }
  });

  it("is answered to where a key is shown", async () => {
    await using house = await startGateway({ apiKeys: ["one"] });
    expect((await under(house, "synod.example")).status).toBe(401);
    expect((await under(house, "synod.example", { authorization: "Bearer one" })).status).toBe(200);
  });
});
