import type { FaultKind, LedgerCall } from "@synod/simulator";
import { expect, it } from "vitest";

import type { ModelAnswer } from "../harness/ask-model.js";
import { judgeAnswer } from "./check-answer.js";
import { harmless, randomFaults, randomRules } from "./random-faults.js";
import { soakQuestion } from "./questions.js";

const question = soakQuestion(3);
const whole = `I get ${question.answer}.\n\nAnswer: ${question.answer}`;

const told = (changes: Partial<ModelAnswer> = {}): ModelAnswer => ({
  status: 200,
  code: null,
  text: whole,
  refusal: null,
  toolCalls: [],
  finishReason: "stop",
  usage: null,
  done: true,
  shouldRetry: false,
  retryAfter: null,
  raw: "",
  ...changes,
});

const call = (...faults: readonly FaultKind[]): LedgerCall => ({
  id: 1,
  provider: "openrouter",
  endpoint: "chat",
  method: "POST",
  path: "/",
  model: "acme/one",
  stream: true,
  headers: {},
  key: null,
  body: {},
  faults,
  generationId: null,
  state: "finished",
  status: 200,
  tokensSent: 1,
  receivedAt: 0,
  firstByteAt: 0,
  endedAt: 0,
});

it("takes the whole text for an answer, after a repeat as well", () => {
  expect(judgeAnswer(question, told(), [call()])).toEqual({ kind: "answered" });
  expect(judgeAnswer(question, told(), [call("status"), call("framing")])).toEqual({ kind: "answered" });
});

it.each<[string, Partial<ModelAnswer>, readonly LedgerCall[]]>([
  ["a part of the text", { text: whole.slice(0, 9) }, [call()]],
  ["another number", { text: `${whole}1` }, [call()]],
  ["the text of two attempts", { text: whole + whole }, [call("reset"), call()]],
  ["an answer where there was none", {}, [call("end_early")]],
  ["a stream without its end", { done: false }, [call()]],
  ["an error without a cause", { status: 502, code: "upstream_error", text: "" }, [call("framing")]],
  ["an error after the whole text", { code: 502 }, [call("stream_error")]],
  ["a defect", { status: 500, code: "internal", text: "" }, [call("status")]],
  ["a status without a code", { status: 500, text: "" }, [call("status")]],
  ["an end that nobody uttered", { finishReason: "length" }, [call()]],
])("calls %s wrong", (_, changes, calls) => {
  expect(judgeAnswer(question, told(changes), calls)).toMatchObject({ kind: "wrong" });
});

it.each<[string, Partial<ModelAnswer>, readonly LedgerCall[]]>([
  ["upstream_error", { status: 502, code: "upstream_error", text: "" }, [call("status"), call("reset")]],
  ["502", { code: 502, text: whole.slice(0, 9) }, [call("stream_error")]],
  ["upstream_timeout", { status: 504, code: "upstream_timeout", text: "" }, [call()]],
  ["upstream_error", { status: 502, code: "upstream_error", text: "" }, []],
  ["length", { finishReason: "length", text: "I get" }, [call("finish")]],
  ["refused", { refusal: "No.", text: "" }, [call("no_content")]],
])("takes %s for an honest failure", (code, changes, calls) => {
  expect(judgeAnswer(question, told(changes), calls)).toEqual({ kind: "failed", code });
});

it("plays as many faults as it is told, and no kind both spoils an answer and does not", () => {
  const rules = randomRules(0.3, 5);
  const left = rules.reduce((rest, { calls }) => {
    return rest * (1 - (typeof calls === "object" && "share" in calls ? calls.share : 1));
  }, 1);
  expect(1 - left).toBeCloseTo(0.3);
  for (const { fault, may } of randomFaults) expect(harmless.has(fault.kind)).toBe(may === "answer");
});
