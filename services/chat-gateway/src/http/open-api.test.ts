import { expect, it } from "vitest";
import { openApiDocument } from "../openapi/document.js";
import { startGateway } from "../testing/gateway.js";

it("GET /openapi.json is the document, and needs a key where callers need one", async () => {
  await using house = await startGateway({ apiKeys: ["one"] });
  expect((await house.get("/openapi.json")).status).toBe(401);
  const response = await house.get("/openapi.json", { headers: { authorization: "Bearer one" } });
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});
