import { afterEach, expect, it, vi } from "vitest";
import { matchPath, patterns } from "../http/router.js";
import { startGateway } from "../testing/gateway.js";
import { openApiDocument } from "./document.js";

interface Operation {
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const paths = openApiDocument()["paths"] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const routes = patterns.flatMap((pattern) =>
  Object.keys(matchPath(pattern.replace("{id}", "some-id"))?.methods ?? {}).map(
    (method) => [method, pattern] as const,
  ),
);

const operationOf = (method: string, pattern: string) => paths[pattern]?.[method.toLowerCase()];

afterEach(() => vi.restoreAllMocks());

it("names the query parameters that the routes read, and no other", async () => {
  await using house = await startGateway();
  const read = vi.spyOn(URLSearchParams.prototype, "get");
  const named: Record<string, readonly string[]> = {};
  const asked: Record<string, readonly string[]> = {};
  for (const [method, pattern] of routes) {
    read.mockClear();
    const init = {
      method,
      headers: { "content-type": "application/json" },
      ...(method === "POST" && { body: "{}" }),
    };
    await house.get(pattern.replace("{id}", "some-id"), init);
    const route = `${method} ${pattern}`;
    asked[route] = read.mock.calls.map(([name]) => name).toSorted();
    const parameters = operationOf(method, pattern)?.parameters ?? [];
    named[route] = parameters.flatMap((one) => (one.in === "query" ? [one.name ?? ""] : [])).toSorted();
  }
  expect(named).toEqual(asked);
  expect(asked["GET /v1/runs"]).toContain("cursor");
  expect(house.ledger.paid).toBe(0);
});

it("says of 409 that a run may have been cancelled", () => {
  for (const [method, pattern] of routes) {
    const conflict = operationOf(method, pattern)?.responses["409"];
    if (conflict !== undefined) expect(conflict.description, pattern).toContain("cancelled");
  }
  expect(operationOf("POST", "/v1/chat/completions")?.responses).toHaveProperty("409");
});
