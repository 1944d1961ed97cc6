import { expect, test } from "vitest";
import { startSimulator } from "../simulator.js";
import { ask, chat } from "../testing/ask.js";
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

test("splits characters of several bytes, together with a scripted reply", async () => {
  await using simulator = await startSimulator({ latency: "off" });
  const text = "Zürich, 東京, 🦉.\nAnswer: 🦉";
  const fault = [
    { kind: "say", text },
    { kind: "framing", pieceBytes: 1 },
  ] as const;
  simulator.control.setFaults([{ model: "ada-large", calls: "all", fault }]);
  const reply = await ask(simulator, "openrouter", chat("ada-large", "Hi", { stream: true }));
  const chunks = sseEvents(reply.bytes).slice(0, -1);
  const said = chunks.map((data) => (JSON.parse(data) as Chunk).choices[0]?.delta.content ?? "");
  expect(said.join("")).toBe(text);
  expect(simulator.control.ledger()).toMatchObject([{ faults: ["say", "framing"], state: "finished" }]);
});

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content: string } }[];
}

testFaults({
  framing: [
    ...FORMS.map((fault): FaultCase => ({
      name: JSON.stringify(fault),
      stream: true,
      fault,
      check(reply, call) {
        const events = sseEvents(reply.bytes);
        expect(events.at(-1)).toBe("[DONE]");
        const chunks = events.slice(0, -1).map((data) => JSON.parse(data) as Chunk);
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
