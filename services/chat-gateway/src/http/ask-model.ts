import { randomUUID } from "node:crypto";
import type { Completion, CompletionRequest } from "@synod/contracts/provider";
import { fromProtoUsage, usageJson } from "@synod/mapping";
import { failureOf, outgoingOptions } from "@synod/rpc";
import type { ModelAsker } from "../charging/charged-models.js";
import { toldModelError } from "../paid.js";
import { refusalAsAnswer, refusalOf } from "../refusal.js";
import { type AnswerForm, finishOf, type Piece } from "./answer-form.js";
import { type AnswerStream, createAnswerStream } from "./answer-stream.js";
import { type AnswerHead, answerHead, createChunks } from "./chunks.js";
import { type HttpDeps, keepAliveMsOf } from "./deps.js";
import { contextOf, errorOf, type Exchange, sendJson } from "./exchange.js";
import { joinMembers, membersIn, membersOf } from "./json-members.js";
import { tellRooms } from "./limit-headers.js";
import { tellProviderHeaders } from "./provider-headers.js";
import { createSseWriter } from "./sse.js";

/** What one model is asked. */
export interface ModelQuestion {
  readonly request: CompletionRequest;
  /** Milliseconds that the caller is ready to wait. No limit of its own when undefined. */
  readonly deadlineMs: number | undefined;
}

/** The fingerprint when a provider gives none. */
const noFingerprint = "synod";

/** Asks one model and answers with the whole text. */
export async function answerModel(
  question: ModelQuestion,
  form: AnswerForm,
  exchange: Exchange,
  deps: HttpDeps,
): Promise<void> {
  const { request } = question;
  const completion = await deps.models
    .complete(modelAskerOf(exchange), request, callOptions(question, exchange))
    .catch((error: unknown) => refusalAsAnswer(error));
  const head = headOf(form.whole, request, deps, completion.systemFingerprint || noFingerprint);
  tellProviderHeaders(completion.headers, exchange.res);
  const choices = `"choices":[${form.choice(completion)}]`;
  sendJson(exchange, 200, `{${joinMembers(membersOf(head), choices, about(completion, request, deps))}}`);
}

/** Asks one model and answers with the text as it is written. */
export async function streamModel(
  question: ModelQuestion,
  form: AnswerForm,
  exchange: Exchange,
  deps: HttpDeps,
): Promise<void> {
  const { request } = question;
  const head = headOf(form.chunk, request, deps);
  using stream = createAnswerStream(
    createSseWriter(exchange.res),
    createChunks(() => head, form.chunks),
    { keepAliveMs: keepAliveMsOf(deps), idle: () => "synod waiting", record: exchange.record },
  );
  try {
    const responses = deps.models.stream(modelAskerOf(exchange), request, callOptions(question, exchange));
    let completion: Completion | undefined;
    for await (const { event } of responses) {
      if (event.case === "begun") {
        tellProviderHeaders(event.value.headers, exchange.res);
      } else if (event.case === "delta") {
        const full = say(event.value, form, stream);
        if (full !== undefined) await full;
      } else if (event.case === "finished") {
        completion = event.value.completion;
      }
    }
    if (completion === undefined) throw new Error("the provider gateway's stream ended without an end");
    stream.finish(finishOf(completion), about(completion, request, deps));
  } catch (error) {
    if (exchange.isLeft()) throw error;
    const refusal = refusalOf(error);
    if (refusal !== null) {
      void say({ ...nothing, refusal }, form, stream);
      return stream.finish({ reason: "content_filter" }, membersOf(simulation(request, deps)));
    }
    if (!stream.started) throw toldModelError(error);
    if (failureOf(error).reason === "internal") deps.events.defect(error, exchange.requestId);
    // What was written is paid for.
    stream.fail({ ...errorOf(error, exchange), retryable: false });
  }
}

function headOf(
  object: AnswerHead["object"],
  { model }: CompletionRequest,
  { clock }: HttpDeps,
  fingerprint = noFingerprint,
): AnswerHead {
  return answerHead(object, { id: randomUUID(), timeMs: clock.now(), model, fingerprint });
}

const nothing: Piece = { text: "", reasoning: "", toolCallsJson: "", refusal: "", extraJson: "" };

function say(piece: Piece, form: AnswerForm, stream: AnswerStream): void | Promise<void> {
  const json = form.pieceJson(piece);
  if (json !== null) return stream.piece(json);
  return piece.text === "" ? undefined : stream.text(piece.text);
}

function modelAskerOf({ caller, res }: Exchange): ModelAsker {
  return { caller, admitted: (rooms) => tellRooms(rooms, res) };
}

function callOptions({ deadlineMs }: ModelQuestion, exchange: Exchange) {
  return outgoingOptions(contextOf(exchange), { signal: exchange.signal, timeoutMs: deadlineMs });
}

/** What is said of a whole answer beside its choice, as members in text. */
function about(
  { usage, servedModel, extraJson }: Completion,
  request: CompletionRequest,
  deps: HttpDeps,
): string {
  const known = {
    ...(servedModel !== "" && { served_model: servedModel }),
    ...(usage !== undefined && { usage: usageJson(fromProtoUsage(usage)) }),
    ...simulation(request, deps),
  };
  return joinMembers(membersOf(known), membersIn(extraJson));
}

const simulation = ({ model }: CompletionRequest, { panels }: HttpDeps): object =>
  panels.isSimulated(model) ? { simulated: true } : {};
