import { expect } from "vitest";
import type { FaultCase } from "../testing/fault-cases.js";
import { json, testFaults } from "../testing/fault-cases.js";
import { sseEvents } from "../testing/sse-events.js";
import type { framings } from "./framing.js";

const FORMS: readonly FaultCase["fault"][] = [
  { kind: "framing", newline: "crlf" },
  { kind: "framing", newline: "cr" },
  { kind: "framing", newline: "mixed" },
  { kind: "framing", bom: true, space: false },
  { kind: "framing", multiline: true, fields: true },
  { kind: "framing", pieceBytes: 1 },
  { kind: "framing", newline: "crlf", bom: true, space: false, multiline: true, fields: true, pieceBytes: 7 },
];

testFaults({
  framing: [
    ...FORMS.map((fault): FaultCase => ({
      name: JSON.stringify(fault),
      stream: true,
      fault,
      check(reply, call) {
        const events = sseEvents(reply.bytes);
        expect(events.at(-1)).toBe("[DONE]");
        const chunks = events
          .slice(0, -1)
          .map((data) => JSON.parse(data) as { choices: { delta: { content: string } }[] });
        expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toMatch(/Answer: 42$/);
        expect(call).toMatchObject({ state: "finished", tokensSent: chunks.length - 2 });
      },
    })),
    {
      name: "a whole body in pieces",
      fault: { kind: "framing", pieceBytes: 5 },
      check: (reply) => expect(json(reply)).toHaveProperty("choices"),
    },
  ],
} satisfies Record<keyof typeof framings, readonly FaultCase[]>);
