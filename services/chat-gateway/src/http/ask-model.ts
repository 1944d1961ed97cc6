import type { FinishReason } from "@synod/consensus";
import type { Completion } from "@synod/contracts/provider";
import { fromProtoFinishReason, fromProtoUsage, textOfProtoCompletion } from "@synod/mapping";
import { failureOf, outgoingOptions } from "@synod/rpc";
import { completionOf } from "../completion.js";
import { refusalAsAnswer, refusalOf } from "../refusal.js";
import type { Question } from "../question.js";
import { createAnswerStream } from "./answer-stream.js";
import { answerHead, createChunks, finishReasonJson } from "./chunks.js";
import { usageJson } from "./consensus-json.js";
import { defaultKeepAliveMs, type HttpDeps } from "./deps.js";
import { contextOf, errorOf, type Exchange, sendJson } from "./exchange.js";
import { createSseWriter } from "./sse.js";

/** The fingerprint when a provider gives none. */
const noFingerprint = "synod";

/** Asks one model and answers with the whole text. */
export async function answerModel(question: Question, exchange: Exchange, deps: HttpDeps): Promise<void> {
  const { completion } = await deps.providers
    .complete({ completion: completionOf(question) }, callOptions(question, exchange))
    .catch(refusalAsAnswer);
  if (completion === undefined) throw new Error("the provider gateway gave no completion");
  const head = answerHead(
    "chat.completion",
    question.model,
    deps.clock.now(),
    completion.systemFingerprint || noFingerprint,
  );
  const choice = {
    index: 0,
    message: messageJson(completion),
    logprobs: null,
    finish_reason: finishReasonJson(fromProtoFinishReason(completion.finishReason)),
  };
  const answer = { choices: [choice], ...about(completion, question, deps) };
  sendJson(exchange, 200, JSON.stringify({ ...head, ...answer }));
}

/** Asks one model and answers with the text as it is written. */
export async function streamModel(question: Question, exchange: Exchange, deps: HttpDeps): Promise<void> {
  const head = answerHead("chat.completion.chunk", question.model, deps.clock.now(), noFingerprint);
  using stream = createAnswerStream(
    createSseWriter(exchange.res),
    createChunks(head),
    deps.config.keepAliveMs ?? defaultKeepAliveMs,
    () => "synod waiting",
  );
  try {
    const responses = deps.providers.streamCompletion(
      { completion: completionOf(question) },
      callOptions(question, exchange),
    );
    let completion: Completion | undefined;
    for await (const { event } of responses) {
      if (event.case === "delta") {
        const { text, reasoning, toolCallsJson } = event.value;
        const isText = reasoning === "" && toolCallsJson === "";
        const full = isText ? stream.text(text) : stream.delta(deltaJson(text, reasoning, toolCallsJson));
        if (full !== undefined) await full;
      } else if (event.case === "finished") {
        completion = event.value.completion;
      }
    }
    if (completion === undefined) throw new Error("the provider gateway's stream ended without an end");
    const refusal = completion.message?.refusal ?? "";
    if (refusal !== "") void stream.delta(`{"refusal":${JSON.stringify(refusal)}}`);
    stream.finish(finishReasonOf(completion), about(completion, question, deps));
  } catch (error) {
    if (exchange.isLeft()) throw error;
    const refusal = refusalOf(error);
    if (refusal !== null) {
      void stream.delta(`{"refusal":${JSON.stringify(refusal)}}`);
      return stream.finish("content_filter", simulation(question, deps));
    }
    if (!stream.started) throw error;
    if (failureOf(error).reason === "internal") deps.events.defect(error, exchange.requestId);
    // What was written is paid for.
    stream.fail({ ...errorOf(error, exchange), retryable: false });
  }
}

function callOptions({ deadlineMs }: Question, exchange: Exchange) {
  return outgoingOptions(contextOf(exchange), { signal: exchange.signal, timeoutMs: deadlineMs });
}

const finishReasonOf = (completion: Completion): FinishReason =>
  fromProtoFinishReason(completion.finishReason);

function about({ usage }: Completion, question: Question, deps: HttpDeps): object {
  return {
    ...(usage !== undefined && { usage: usageJson(fromProtoUsage(usage)) }),
    ...simulation(question, deps),
  };
}

const simulation = ({ model }: Question, { panels }: HttpDeps): object =>
  panels.isSimulated(model) ? { simulated: true } : {};

function messageJson(completion: Completion): object {
  const text = textOfProtoCompletion(completion);
  const { refusal = "", toolCalls = [] } = completion.message ?? {};
  return {
    role: "assistant",
    content: text === "" && (refusal !== "" || toolCalls.length > 0) ? null : text,
    refusal: refusal === "" ? null : refusal,
    ...(completion.reasoning !== "" && { reasoning: completion.reasoning }),
    ...(toolCalls.length > 0 && {
      tool_calls: toolCalls.map(({ id, name, argumentsJson }) => ({
        id,
        type: "function",
        function: { name, arguments: argumentsJson },
      })),
    }),
  };
}

function deltaJson(text: string, reasoning: string, toolCallsJson: string): string {
  const fields: string[] = [];
  if (text !== "") fields.push(`"content":${JSON.stringify(text)}`);
  if (reasoning !== "") fields.push(`"reasoning":${JSON.stringify(reasoning)}`);
  if (toolCallsJson !== "") fields.push(`"tool_calls":${toolCallsJson}`);
  return `{${fields.join(",")}}`;
}
