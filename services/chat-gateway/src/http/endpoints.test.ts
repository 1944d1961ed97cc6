import { SynodError } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { startGateway } from "../testing/gateway.js";

const id = "openrouter/google/gemini-2.0-flash-001:free";
const data =
  '{"id":"google/gemini-2.0-flash-001","endpoints":[{"uptime_last_30m":99.0,"pricing":{"prompt":"0"}}]}';

describe("GET /v1/models/{id}/endpoints", () => {
  it("is OpenRouter's list as it came, slashes of the id escaped or not", async () => {
    const asked: string[] = [];
    const endpoints = (model: string): string => {
      asked.push(model);
      return data;
    };
    await using house = await startGateway({ script: { endpoints } });
    for (const prefix of ["/v1", "/openai/v1"]) {
      for (const written of [id, encodeURIComponent(id)]) {
        const response = await fetch(`${house.url}${prefix}/models/${written}/endpoints`);
        expect(response.status).toBe(200);
        expect(response.headers.get("content-type")).toBe("application/json");
        expect(await response.text()).toBe(`{"data":${data}}`);
      }
    }
    expect(asked).toEqual([id, id, id, id]);
    expect(house.ledger.paid).toBe(0);
  });

  it.each([
    ["model_not_found", 404, "model"],
    ["invalid_value", 400, null],
    ["provider_not_configured", 503, null],
    ["upstream_error", 502, null],
  ] as const)("fails with %s as %i", async (reason, status, param) => {
    const endpoints = (): string => {
      throw new SynodError({ reason, message: "No." });
    };
    await using house = await startGateway({ script: { endpoints } });
    const response = await fetch(`${house.url}/v1/models/${id}/endpoints`);
    expect(response.status).toBe(status);
    expect((await bodyOf(response)).error).toMatchObject({ code: reason, message: "No.", param });
  });

  it("refuses panels, ids that are too long, and other methods", async () => {
    await using house = await startGateway({ script: { endpoints: () => data } });
    for (const model of ["synod/default", "x".repeat(257)]) {
      const response = await fetch(`${house.url}/v1/models/${model}/endpoints`);
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error.code).toBe("invalid_value");
    }
    const posted = await house.post(`/v1/models/${id}/endpoints`, {});
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("needs an id", async () => {
    await using house = await startGateway({ script: { endpoints: () => data } });
    for (const path of ["/v1/models/endpoints", "/v1/models//endpoints"]) {
      const response = await fetch(house.url + path);
      expect(response.status).toBe(404);
      expect((await bodyOf(response)).error.code).toBe("model_not_found");
    }
  });

  it("is counted under its pattern", async () => {
    await using house = await startGateway({ script: { endpoints: () => data } });
    await (await fetch(`${house.url}/v1/models/${id}/endpoints`)).text();
    expect(house.log.find((line) => line["msg"] === "request")).toMatchObject({
      route: "/v1/models/{id}/endpoints",
    });
  });
});
