import { answerText, type FaultCase } from "./fault-case.js";
import type { FaultGroup } from "./fault-house.js";
import { answered, brokenStream, unreadable } from "./told.js";

const cases: readonly FaultCase[] = [
  {
    fault: "F13",
    name: "an event that is no JSON, before the first token: repeated once",
    play: { kind: "invalid_json" },
    told: unreadable,
    paid: 2,
    fallback: [2, 1],
  },
  {
    fault: "F13",
    name: "an event that is no JSON, after two tokens",
    play: { kind: "invalid_json", afterTokens: 2 },
    told: unreadable,
    paid: 1,
    streamed: brokenStream,
  },
  {
    fault: "F13",
    name: "200 with HTML",
    play: { kind: "html", status: 200 },
    told: unreadable,
    paid: 2,
  },
  {
    fault: "F14",
    name: "bytes that are no UTF-8 become U+FFFD",
    play: { kind: "invalid_utf8" },
    told: { status: 200, text: `\ufffd\ufffd\ufffd\ufffd${answerText}` },
    paid: 1,
    streamed: { status: 200, text: `\ufffd\ufffd\ufffd\ufffd${answerText}` },
  },
  ...(
    [
      ["lone_surrogate", "\ufffdx"],
      ["nul", "a\u0000b"],
      ["bidi", "\u202egnorw\u202c"],
    ] as const
  ).map(([as, text]): FaultCase => ({
    fault: "F14",
    name: `characters that are seldom meant: ${as}`,
    play: { kind: "bad_text", as },
    told: { status: 200, text: text + answerText },
    paid: 1,
    streamed: { status: 200, text: text + answerText },
  })),
  ...(
    [
      { newline: "crlf" },
      { newline: "cr" },
      { newline: "mixed", fields: true },
      { bom: true, newline: "crlf" },
      { space: false, multiline: true },
      { fields: true, multiline: true, bom: true, pieceBytes: 1 },
      { newline: "crlf", pieceBytes: 1 },
      { pieceBytes: 7 },
    ] as const
  ).map((form): FaultCase => ({
    fault: "F15",
    name: `the same text in any form: ${JSON.stringify(form)}`,
    play: { kind: "framing", ...form },
    told: answered,
    paid: 1,
    streamed: answered,
  })),
  {
    fault: "F15",
    name: "the same text in Groq's form, byte by byte",
    wire: "groq",
    play: { kind: "framing", newline: "crlf", pieceBytes: 1 },
    told: answered,
    paid: 1,
  },
];

/** F13 to F15: answers whose bytes are wrong, or unusual. */
export const forms: FaultGroup = { name: "forms", cases };
