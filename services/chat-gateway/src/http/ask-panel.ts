import type { Failure, RunSpec } from "@synod/consensus";
import { consensusJson, usageJson } from "@synod/mapping";
import { failureOf } from "@synod/rpc";
import { wantsMembers } from "@synod/settings";
import { createLane } from "../lane.js";
import type { Question } from "../question.js";
import { endingOf, type RunEnding } from "../run-ending.js";
import type { FinishedRun, RunRequest } from "../runner/runner.js";
import { type AnswerStream, createAnswerStream } from "./answer-stream.js";
import { answerHead, createChunks } from "./chunks.js";
import { defaultKeepAliveMs, type HttpDeps } from "./deps.js";
import { errorOf, type Exchange, sendError, sendJson } from "./exchange.js";
import { membersOf } from "./json-members.js";
import { deltaJson, panelEventJson } from "./panel-event.js";
import { createProgress } from "./progress.js";
import { errorOfRun, fingerprintOf } from "./run-answer.js";
import { createSseWriter } from "./sse.js";
import { toolCallJson, toolCallsPiece } from "./tool-call-json.js";

/** Asks a panel and answers with the whole text. */
export async function answerPanel(question: Question, exchange: Exchange, deps: HttpDeps): Promise<void> {
  const spec = await deps.panels.specOf(question);
  const head = answerHead("chat.completion", question.model, deps.clock.now(), fingerprintOf(spec));
  const run = await deps.runner.run(requestOf(question, spec, exchange));
  const ending = endingOf(run);
  if (ending.type === "failure") return sendRunError(run, ending.failure, exchange);
  const message = { role: "assistant", ...saidIn(ending) };
  const choice = { index: 0, message, logprobs: null, finish_reason: ending.finishReason };
  const answer = { choices: [choice], ...about(run) };
  sendJson(exchange, 200, JSON.stringify({ ...head, ...answer }));
}

/** Asks a panel and answers with the text as it is written, with comments on how far the panel is. */
export async function streamPanel(question: Question, exchange: Exchange, deps: HttpDeps): Promise<void> {
  const spec = await deps.panels.specOf(question);
  const head = answerHead("chat.completion.chunk", question.model, deps.clock.now(), fingerprintOf(spec));
  const progress = createProgress();
  using stream = createAnswerStream(
    createSseWriter(exchange.res),
    createChunks(head),
    deps.config.keepAliveMs ?? defaultKeepAliveMs,
    () => progress.line,
  );
  const lane = createLane<string>({
    send: stream.event,
    toMessage: (text) => JSON.stringify(deltaJson(text)),
  });
  const watchesMembers = wantsMembers(question.consensus);
  let sent = "";
  try {
    const run = await deps.runner.run(requestOf(question, spec, exchange), {
      event({ event }) {
        if (watchesMembers) {
          const json = panelEventJson(event, spec.members);
          if (json !== undefined) lane.add(JSON.stringify(json));
        }
        // Until the first answer is in, a failure can still have a status of its own.
        if (progress.note(event) && (stream.started || progress.answered)) stream.comment(progress.line);
      },
      text(piece) {
        sent += piece;
        return stream.text(piece);
      },
      ...(watchesMembers && { memberText: lane.text }),
    });
    lane.flush();
    endStream(run, sent, stream, exchange);
  } catch (error) {
    if (!stream.started || exchange.isLeft()) throw error;
    if (failureOf(error).reason === "internal") deps.events.defect(error, exchange.requestId);
    lane.flush();
    stream.fail({ ...errorOf(error, exchange), retryable: false });
  }
}

/** What a whole answer says, as OpenAI has it: there is no content where tools are called or the panel refuses. */
function saidIn(ending: Exclude<RunEnding, { readonly type: "failure" }>): object {
  if (ending.type === "refusal") return { content: null, refusal: ending.text };
  const { text, toolCalls } = ending;
  return toolCalls.length === 0
    ? { content: text, refusal: null }
    : { content: text || null, refusal: null, tool_calls: toolCalls.map(toolCallJson) };
}

function endStream(run: FinishedRun, sent: string, stream: AnswerStream, exchange: Exchange): void {
  const ending = endingOf(run, sent);
  switch (ending.type) {
    case "answer": {
      const rest = ending.text.slice(sent.length);
      if (rest !== "") void stream.text(rest);
      if (ending.toolCalls.length > 0) void stream.piece(toolCallsPiece(ending.toolCalls));
      return stream.finish({ reason: ending.finishReason }, membersOf(about(run)));
    }
    case "refusal":
      void stream.piece(`{"refusal":${JSON.stringify(ending.text)}}`);
      return stream.finish({ reason: ending.finishReason }, membersOf(about(run)));
    case "failure":
      if (!stream.started) return sendRunError(run, ending.failure, exchange);
      return stream.fail(errorOfRun(ending.failure, run.record), recordJson(run));
    default:
      return ending satisfies never;
  }
}

/** Answers a run that failed: the error, and beside it who was asked and what became of each. */
export function sendRunError(run: FinishedRun, failure: Failure, exchange: Exchange): void {
  if (exchange.isLeft()) return;
  sendError(exchange, errorOfRun(failure, run.record), recordJson(run));
}

const recordJson = ({ runId, record }: FinishedRun): object => ({ consensus: consensusJson(runId, record) });

/** What an answer says of the whole run. */
const about = (run: FinishedRun): object => ({ usage: usageJson(run.record.usage), ...recordJson(run) });

function requestOf(question: Question, spec: RunSpec, { requestId, trace, signal }: Exchange): RunRequest {
  return { spec, messages: question.messages, requestId, trace, signal };
}
