import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { matchPath, patterns } from "../http/router.js";
import { openApiDocument } from "./document.js";

const document = openApiDocument();
const paths = document["paths"] as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** Answered before the router: probes, metrics and RPCs. */
const beside = ["/healthz", "/readyz", "/metrics", "/synod.chat.v1.ChatService/{method}"];

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  it("has every route of the router and no other, with its methods", () => {
    expect(Object.keys(paths).toSorted()).toEqual([...patterns, ...beside].toSorted());
    for (const pattern of patterns) {
      const match = matchPath(pattern.replace("{id}", "some-id"));
      expect(match?.pattern).toBe(pattern);
      const methods = Object.keys(match?.methods ?? {}).map((method) => method.toLowerCase());
      expect(Object.keys(paths[pattern] ?? {}), pattern).toEqual(methods);
    }
  });

  it("names each operation once, and refers to nothing that is not there", () => {
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((operation) => (operation as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const text = JSON.stringify(document);
    const at = (pointer: string): unknown =>
      pointer
        .slice(2)
        .split("/")
        .reduce<unknown>((value, key) => Object(value)[key], document);
    for (const [, pointer = ""] of text.matchAll(/"\$ref":"([^"]+)"/g))
      expect(at(pointer), pointer).toBeDefined();
  });

  it("says nothing that nobody refers to", () => {
    const text = JSON.stringify(document);
    const { schemas } = document["components"] as { schemas: object };
    const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    expect(unused).toEqual([]);
  });
});
