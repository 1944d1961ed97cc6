import { createHash } from "node:crypto";
import type { Failure, RunRecord, RunSpec } from "@synod/consensus";
import { consensusJson, usageJson } from "@synod/mapping";
import { panelPrefix } from "../question.js";
import { canonicalJson } from "../request-hash.js";
import { type RunEnding, toldFailure, wasPaid } from "../run-ending.js";
import type { FinishedRun, RunSoFar } from "../runner/run-so-far.js";
import { type AnswerHead, answerHead } from "./chunks.js";
import { answerOfFailure, type ErrorAnswer } from "./errors.js";
import { toolCallJson } from "./tool-call-json.js";

/** What a run has for its caller that is no failure. */
type Said = Exclude<RunEnding, { readonly type: "failure" }>;

/** What every chunk of a panel's answer, and its whole answer, begin with. The same run gives the same. */
export function panelHead(
  object: AnswerHead["object"],
  { runId, spec, startTimeMs }: Pick<RunSoFar, "runId" | "spec" | "startTimeMs">,
): AnswerHead {
  const model = `${panelPrefix}${spec.preset}`;
  return answerHead(object, { id: runId, timeMs: startTimeMs, model, fingerprint: fingerprintOf(spec) });
}

/** A panel's whole answer as a chat completion. */
export function panelAnswer(run: FinishedRun, ending: Said): object {
  const message = { role: "assistant", ...saidIn(ending) };
  const choice = { index: 0, message, logprobs: null, finish_reason: ending.finishReason };
  return { ...panelHead("chat.completion", run), choices: [choice], ...aboutRun(run) };
}

/** What an answer says of the whole run. */
export function aboutRun(run: FinishedRun): object {
  return { usage: usageJson(run.record.usage), ...recordJson(run) };
}

/** Who was asked and what became of each. */
export function recordJson({ runId, record }: RunSoFar): object {
  return { consensus: consensusJson(runId, record) };
}

/** A failed run's error. */
export function errorOfRun(failure: Failure, record: RunRecord): ErrorAnswer {
  return answerOfFailure(toldFailure(failure, record), { paid: wasPaid(record) });
}

/** Names the settings of a panel: the same for runs that differ in nothing but their seed. */
function fingerprintOf(spec: RunSpec): string {
  const settings = canonicalJson({ ...spec, seed: 0 });
  return `synod-${createHash("sha256").update(settings).digest("hex").slice(0, 12)}`;
}

/** What a whole answer says, as OpenAI has it: there is no content where tools are called or the panel refuses. */
function saidIn(ending: Said): object {
  if (ending.type === "refusal") return { content: null, refusal: ending.text };
  const { text, toolCalls } = ending;
  return toolCalls.length === 0
    ? { content: text, refusal: null }
    : { content: text || null, refusal: null, tool_calls: toolCalls.map(toolCallJson) };
}
