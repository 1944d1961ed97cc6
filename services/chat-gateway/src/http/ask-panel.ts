import type { Failure, RunSpec } from "@synod/consensus";
import { failureOf } from "@synod/rpc";
import { wantsMembers } from "@synod/settings";
import { createLane } from "../lane.js";
import type { PanelQuestion } from "../logged-request.js";
import { endingOf } from "../run-ending.js";
import type { RunRequest } from "../runner/runner.js";
import type { FinishedRun } from "../runner/run-so-far.js";
import { type AnswerStream, createAnswerStream } from "./answer-stream.js";
import { createChunks } from "./chunks.js";
import { type HttpDeps, keepAliveMsOf } from "./deps.js";
import { errorOf, type Exchange, sendError, sendJson } from "./exchange.js";
import { tellRooms } from "./limit-headers.js";
import { membersOf } from "./json-members.js";
import { deltaJson, panelEventJson } from "./panel-event.js";
import { createProgress } from "./progress.js";
import { aboutRun, errorOfRun, panelAnswer, panelHead, recordJson } from "./run-answer.js";
import { createSseWriter } from "./sse.js";
import { toolCallsPiece } from "./tool-call-json.js";

/** Asks a panel and answers with the whole text. */
export async function answerPanel(asked: PanelQuestion, exchange: Exchange, deps: HttpDeps): Promise<void> {
  const spec = await deps.panels.specOf(asked.question);
  const run = await deps.runner.run(requestOf(asked, spec, exchange), {
    admitted: (rooms) => tellRooms(rooms, exchange.res),
  });
  const ending = endingOf(run);
  if (ending.type === "failure") return sendRunError(run, ending.failure, exchange);
  sendJson(exchange, 200, JSON.stringify(panelAnswer(run, ending)));
}

/** Asks a panel and answers with the text as it is written, with comments on how far the panel is. */
export async function streamPanel(asked: PanelQuestion, exchange: Exchange, deps: HttpDeps): Promise<void> {
  const spec = await deps.panels.specOf(asked.question);
  const { runId } = asked.logged;
  let startTimeMs = deps.clock.now();
  const progress = createProgress();
  using stream = createAnswerStream(
    createSseWriter(exchange.res),
    createChunks(() => panelHead("chat.completion.chunk", { runId, spec, startTimeMs })),
    { keepAliveMs: keepAliveMsOf(deps), idle: () => progress.line, record: exchange.record },
  );
  const lane = createLane<string>({
    send: stream.event,
    toMessage: (text) => JSON.stringify(deltaJson(text)),
  });
  const watchesMembers = wantsMembers(asked.question.consensus);
  let sent = "";
  try {
    const run = await deps.runner.run(requestOf(asked, spec, exchange), {
      admitted: (rooms) => tellRooms(rooms, exchange.res),
      event({ event, timeMs }) {
        if (event.type === "run_started") startTimeMs = timeMs;
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

/** Answers with a run that is over and ended well, as if it had just been asked for. */
export function tellPanel(run: FinishedRun, streams: boolean, exchange: Exchange, deps: HttpDeps): void {
  const ending = endingOf(run);
  if (ending.type === "failure") throw new Error("a run that failed is not told again");
  if (!streams) return sendJson(exchange, 200, JSON.stringify(panelAnswer(run, ending)));
  using stream = createAnswerStream(
    createSseWriter(exchange.res),
    createChunks(() => panelHead("chat.completion.chunk", run)),
    { keepAliveMs: keepAliveMsOf(deps), idle: () => "synod answered" },
  );
  endStream(run, "", stream, exchange);
}

function endStream(run: FinishedRun, sent: string, stream: AnswerStream, exchange: Exchange): void {
  const ending = endingOf(run, sent);
  switch (ending.type) {
    case "answer": {
      const rest = ending.text.slice(sent.length);
      if (rest !== "") void stream.text(rest);
      if (ending.toolCalls.length > 0) void stream.piece(toolCallsPiece(ending.toolCalls));
      return stream.finish({ reason: ending.finishReason }, membersOf(aboutRun(run)));
    }
    case "refusal":
      void stream.piece(`{"refusal":${JSON.stringify(ending.text)}}`);
      return stream.finish({ reason: ending.finishReason }, membersOf(aboutRun(run)));
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

function requestOf({ question, logged }: PanelQuestion, spec: RunSpec, exchange: Exchange): RunRequest {
  const { caller, requestId, trace, signal } = exchange;
  return { spec, messages: question.messages, caller, requestId, trace, signal, logged };
}
