import { expect, it } from "vitest";

import { askModel } from "../harness/ask-model.js";
import type { FaultCase } from "./fault-case.js";
import { askAgain, callsOf, type FaultGroup, playNamed } from "./fault-house.js";
import { answered, failed } from "./told.js";

const cases: readonly FaultCase[] = [
  ...[500, 503, 524, 529].map((status): FaultCase => ({
    fault: "F3",
    name: `${status} is repeated twice, then given up`,
    play: { kind: "status", status },
    told: failed,
    paid: 3,
    fallback: [3, 1],
  })),
  ...[500, 502, 503].map((status): FaultCase => ({
    fault: "F3",
    name: `${status} of Groq, and the second call answers`,
    wire: "groq",
    play: { kind: "status", status },
    calls: [1],
    told: answered,
    paid: 2,
  })),
  {
    fault: "F3",
    name: "502 of a provider behind OpenRouter, and the third call answers",
    play: { kind: "upstream_error", status: 502, raw: "object" },
    calls: [1, 2],
    told: answered,
    paid: 3,
  },
  {
    fault: "F3",
    name: "503 in words of availability, without a code",
    play: { kind: "unavailable", code: "temporarily_unavailable", retryAfterSeconds: 0 },
    told: failed,
    paid: 3,
  },
  {
    fault: "F3",
    name: "503 whose body stalls is repeated like any",
    play: { kind: "status", status: 503, body: "stalls" },
    calls: [1],
    told: answered,
    paid: 2,
  },
  {
    fault: "F3",
    name: "500 is repeated where nobody may wait: backing off is no waiting",
    play: { kind: "status", status: 500 },
    calls: [1],
    settings: { max_queue: 0 },
    told: answered,
    paid: 2,
  },
  {
    fault: "F3",
    name: "max_attempts 1 repeats nothing",
    play: { kind: "status", status: 500 },
    settings: { max_attempts: 1 },
    told: failed,
    paid: 1,
  },
  {
    fault: "F3",
    name: "498, the cheap tier is full: one more call, of the ordinary tier",
    wire: "groq",
    play: { kind: "status", status: 498 },
    body: { service_tier: "flex" },
    told: failed,
    paid: 2,
    streamed: failed,
    fallback: [2, 1],
  },
  {
    fault: "F4",
    name: "502 with an HTML body",
    play: { kind: "html" },
    told: failed,
    paid: 3,
    streamed: failed,
  },
];

/** F3 and F4: upstreams that fail before they answer. */
export const failures: FaultGroup = {
  name: "failures",
  cases,
  more(house) {
    it("F3: asks the ordinary tier the second time", () => {
      const calls = callsOf(house(), playNamed(house(), "498", "unary").model);
      const tiers = calls.map(({ body }) => (body as { service_tier?: string }).service_tier);
      expect(tiers).toEqual(["flex", "on_demand"]);
    });

    it("F3: asks the ordinary tier alone while the cheap one is full", async () => {
      const { provider, model } = playNamed(house(), "498", "streamed");
      const ask = () =>
        askModel(house().synod.url, `${provider}/${model}`, { body: { service_tier: "flex" } });
      await ask();
      const before = callsOf(house(), model).length;
      await ask();
      const tiers = callsOf(house(), model)
        .slice(before)
        .map(({ body }) => (body as { service_tier?: string }).service_tier);
      expect(tiers).toEqual(["on_demand", "on_demand"]);
    });

    it("F4: shows the caller no HTML, and its log 200 characters of it at most", async () => {
      const { raw } = await askAgain(house(), playNamed(house(), "502 with an HTML body", "streamed"));
      expect(raw).not.toMatch(/<html|<script|alert\(1\)/i);
      const lines = house()
        .synod.output()
        .split("\n")
        .filter((line) => line.includes("<html"));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        const { snippet } = JSON.parse(line) as { snippet: string };
        expect(snippet.length).toBeLessThanOrEqual(200);
        expect(line.replace(JSON.stringify(snippet), "")).not.toContain("<html");
      }
    });
  },
};
