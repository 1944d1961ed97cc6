import { expect } from "vitest";
import type { FaultCase } from "../testing/fault-cases.js";
import { json, testFaults } from "../testing/fault-cases.js";
import type { upstreamFailures } from "./upstream-failures.js";

testFaults({
  upstream_error: (["text", "json_text", "object"] as const).map((raw): FaultCase => ({
    name: `raw as ${raw}`,
    fault: { kind: "upstream_error", status: 502, raw },
    check(reply) {
      const { error } = json(reply) as { error: { message: string; metadata: { raw: unknown } } };
      expect(error.message).toBe("Provider returned error");
      expect(typeof error.metadata.raw).toBe(raw === "object" ? "object" : "string");
    },
  })),
  unavailable: [
    {
      name: "at capacity, a body without code",
      fault: { kind: "unavailable" },
      check(reply) {
        expect([reply.status, reply.headers["retry-after"]]).toEqual([429, "40"]);
        const { error } = json(reply) as { error: object };
        expect(error).not.toHaveProperty("code");
        expect(error).toMatchObject({
          http_status: 429,
          error_type: "rate_limit_exceeded",
          availability: { code: "capacity_exhausted", retryable: true, retry_after: 40 },
        });
      },
    },
    {
      name: "no such model, not worth a retry",
      fault: { kind: "unavailable", code: "model_not_found" },
      check(reply) {
        expect(reply.status).toBe(404);
        expect(json(reply)).toMatchObject({ error: { availability: { retryable: false } } });
      },
    },
  ],
  error_in_ok: [
    {
      name: "as the whole body",
      fault: { kind: "error_in_ok", code: 429 },
      check(reply, call) {
        expect(reply.status).toBe(200);
        expect(json(reply)).toMatchObject({ error: { code: 429 } });
        expect(json(reply)).not.toHaveProperty("choices");
        expect(call).toMatchObject({ state: "failed", status: 200 });
      },
    },
    {
      name: "in a choice with a part of the text",
      fault: { kind: "error_in_ok", place: "choice" },
      check(reply) {
        expect(json(reply)).toMatchObject({
          choices: [
            { finish_reason: "error", error: { code: 502 }, message: { content: expect.any(String) } },
          ],
        });
      },
    },
  ],
} satisfies Record<keyof typeof upstreamFailures, readonly FaultCase[]>);
