import { expect } from "vitest";

import type { ModelAnswer } from "../harness/ask-model.js";
import { answerText, type Play, type Told } from "./fault-case.js";
import { callsOf, type FaultHouse } from "./fault-house.js";

/** Compares what a caller is told with what is expected; where an answer is expected, its text as well. */
export function expectTold(answer: ModelAnswer, told: Told): void {
  const { status, again, retryAfter, ...fields } = told;
  const isAnswer = status === 200 && told.code === undefined;
  const expected = { ...(isAnswer && { code: null, text: answerText, finishReason: "stop" }), ...fields };
  expect({ ...answer, raw: "" }, answer.raw.slice(0, 2_000)).toMatchObject({ status, ...expected });
  if (again !== undefined) expect(answer.shouldRetry, "x-should-retry").toBe(again);
  if (retryAfter !== undefined) {
    expect(answer.retryAfter, "Retry-After").toBeGreaterThanOrEqual(retryAfter[0]);
    expect(answer.retryAfter, "Retry-After").toBeLessThanOrEqual(retryAfter[1]);
  }
  expect(answer.text).not.toMatch(/\p{Surrogate}/u);
}

/** Compares how many upstream calls were made, and how far apart, with what is expected. */
export function expectPaid(house: FaultHouse, { given, model }: Play): void {
  const calls = callsOf(house, model);
  expect(calls).toHaveLength(given.paid);
  const starts = calls.map(({ receivedAt }) => receivedAt);
  for (const [index, start] of starts.slice(1).entries()) {
    expect(start - (starts[index] ?? 0)).toBeGreaterThanOrEqual(given.waits ?? 0);
  }
}
