import type { LedgerCall } from "@synod/simulator";
import type { ModelAnswer } from "../harness/ask-model.js";
import type { SoakQuestion } from "./questions.js";
import { harmless } from "./random-faults.js";

/** What became of a question. */
export type SoakOutcome =
  | { readonly kind: "answered" }
  /** Not an answer with the whole text, and it says so. `code` is the error's, or the finish reason. */
  | { readonly kind: "failed"; readonly code: string }
  /** It must not be like that. */
  | { readonly kind: "wrong"; readonly why: string };

/**
 * Judges what a caller was told by what the upstream did.
 *
 * @param calls the upstream calls of the question, in order.
 */
export function judgeAnswer(
  question: SoakQuestion,
  told: ModelAnswer,
  calls: readonly LedgerCall[],
): SoakOutcome {
  if (!told.done) return wrong("its stream does not end with [DONE]");
  if (told.code !== null) return judgeFailure(question, told, calls);
  if (told.status !== 200) return wrong(`status ${told.status} without a code`);
  const spoiled = spoiledBy(calls.at(-1));
  if (told.finishReason !== "stop") return judgeEnding(told, spoiled);
  if (told.refusal !== null) return spoiled ? failed("refused") : wrong("a refusal that nobody uttered");
  if (spoiled !== undefined) return wrong(`an answer though the upstream played ${spoiled}`);
  return isWhole(question, told.text)
    ? { kind: "answered" }
    : wrong(`the text is ${JSON.stringify(told.text)}`);
}

function judgeFailure(question: SoakQuestion, told: ModelAnswer, calls: readonly LedgerCall[]): SoakOutcome {
  const code = String(told.code);
  if (code === "" || code === "internal") return wrong(`the code is ${JSON.stringify(code)}`);
  // Who was not asked at all was spared by a breaker, a limit or the queue. A machine that is busy makes calls late.
  const isExplained = calls.length === 0 || calls.some((call) => spoiledBy(call) !== undefined);
  const isLate = told.status === 504 || code === "504";
  if (!isExplained && !isLate) return wrong(`${code} though the upstream did nothing wrong`);
  if (isWhole(question, told.text)) return wrong(`${code} after the whole text`);
  return failed(code);
}

/** Another end than `stop` must come from the upstream. */
function judgeEnding(told: ModelAnswer, spoiled: string | undefined): SoakOutcome {
  const reason = told.finishReason ?? "no finish reason";
  return spoiled === undefined ? wrong(`${reason} that nobody uttered`) : failed(reason);
}

/** The fault that kept a call from ending in an answer with the whole text; undefined when there was none. */
function spoiledBy(call: LedgerCall | undefined): string | undefined {
  return call?.faults.find((kind) => !harmless.has(kind)) ?? undefined;
}

function isWhole({ answer }: SoakQuestion, text: string): boolean {
  return text.endsWith(`\nAnswer: ${answer}`) && text.split("Answer:").length === 2;
}

function failed(code: string): SoakOutcome {
  return { kind: "failed", code };
}

function wrong(why: string): SoakOutcome {
  return { kind: "wrong", why };
}
