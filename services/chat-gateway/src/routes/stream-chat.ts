import { create } from "@bufbuild/protobuf";
import {
  ChatDeltaSchema,
  ChatFinishedSchema,
  ChatMemberDeltaSchema,
  type ChatResponse,
  type ChatService,
  type StreamChatResponse,
  StreamChatResponseSchema,
} from "@synod/contracts/chat";
import type { Completion } from "@synod/contracts/provider";
import { toProtoRunEvent, toProtoVoter } from "@synod/mapping";
import { callContext, type HandlerContext, type ServiceImpl } from "@synod/rpc";
import { wantsMembers } from "@synod/settings";
import { completionOf } from "../completion.js";
import { invalid } from "../failure.js";
import { createLane, type WaitingText } from "../lane.js";
import { isPanel, type Question } from "../question.js";
import { refusalAsAnswer } from "../refusal.js";
import { modelAnswer, panelAnswer } from "./answer.js";
import { type Asker, askerOf } from "./asker.js";
import { createChannel } from "./channel.js";
import { chatOnce, idempotencyKeyOf, markReplayed } from "./chat-once.js";
import type { RouteDeps } from "./deps.js";
import { questionOf } from "./question.js";

/** `ChatService.StreamChat` */
export function streamChat(deps: RouteDeps): ServiceImpl<typeof ChatService>["streamChat"] {
  return (request, context) => {
    if (request.chat === undefined) throw invalid("chat", "chat is missing.");
    const question = questionOf(request.chat, callContext(context), deps.limits.messages);
    const asker = askerOf(request.chat, context);
    const key = idempotencyKeyOf(context);
    if (key !== undefined) return streamOnce(key, question, asker, deps, context);
    return isPanel(question.model) ? streamPanel(question, asker, deps) : streamModel(question, asker, deps);
  };
}

/** Streams the answer of the first call with a key; that of a later one comes in one piece. */
async function* streamOnce(
  key: string,
  question: Question,
  asker: Asker,
  deps: RouteDeps,
  context: HandlerContext,
): AsyncGenerator<StreamChatResponse> {
  const channel = createChannel<StreamChatResponse>(asker.call.signal);
  const stream = isPanel(question.model) ? streamPanel : streamModel;
  const asked = chatOnce(deps.once, key, asker, async (own, begun) => {
    let answer: ChatResponse | undefined;
    for await (const message of stream(question, own, deps)) {
      const { event } = message;
      if (event.case === "delta") begun();
      if (event.case === "finished") answer = event.value.response;
      else await channel.send(message);
    }
    if (answer === undefined) throw new Error("a stream ended without an answer");
    return answer;
  });
  asked.then(channel.close, channel.close);
  yield* channel.messages();
  const { answer, isReplayed } = await asked;
  if (isReplayed) {
    markReplayed(context);
    const text = textOf(answer);
    if (text !== "") yield delta(text);
  }
  yield finished(answer);
}

const textOf = ({ message }: ChatResponse): string =>
  message?.parts.map(({ content }) => (content.case === "text" ? content.value : "")).join("") ?? "";

async function* streamModel(
  question: Question,
  { caller, call }: Asker,
  { models }: RouteDeps,
): AsyncGenerator<StreamChatResponse> {
  const responses = models.stream({ caller }, completionOf(question), call.outgoing());
  let completion: Completion | undefined;
  let begun = false;
  try {
    for await (const { event } of responses) {
      begun = true;
      if (event.case === "delta" && event.value.text !== "") yield delta(event.value.text);
      if (event.case === "finished") completion = event.value.completion;
    }
  } catch (error) {
    completion = refusalAsAnswer(error, begun);
  }
  if (completion === undefined) throw new Error("the provider gateway's stream ended without an end");
  yield finished(modelAnswer(question.model, completion));
}

async function* streamPanel(
  question: Question,
  { caller, call, logged }: Asker,
  { panels, runner }: RouteDeps,
): AsyncGenerator<StreamChatResponse> {
  const spec = await panels.specOf(question);
  const { requestId, signal } = call;
  const channel = createChannel<StreamChatResponse>(signal);
  const lane = createLane<StreamChatResponse>({ send: channel.send, toMessage: memberDelta });
  let sent = "";
  const run = runner.run(
    { spec, messages: question.messages, caller, requestId, trace: call, signal, logged },
    {
      event({ seq, timeMs, event }, runId) {
        const value = toProtoRunEvent(event, { runId, seq, createTimeMs: timeMs });
        lane.add(response({ case: "runEvent", value }));
      },
      text(piece) {
        sent += piece;
        return channel.send(delta(piece));
      },
      ...(wantsMembers(question.consensus) && { memberText: lane.text }),
    },
  );
  const close = (): void => {
    lane.flush();
    channel.close();
  };
  run.then(close, close);
  yield* channel.messages();
  const answer = panelAnswer(question.model, await run, sent);
  const text = textOf(answer);
  if (text.length > sent.length) yield delta(text.slice(sent.length));
  yield finished(answer);
}

type Event = Exclude<StreamChatResponse["event"], { case: undefined }>;

const response = (event: Event): StreamChatResponse => create(StreamChatResponseSchema, { event });
const delta = (text: string): StreamChatResponse =>
  response({ case: "delta", value: create(ChatDeltaSchema, { text }) });
const memberDelta = ({ voter, skippedChars, ...text }: WaitingText): StreamChatResponse =>
  response({
    case: "memberDelta",
    value: create(ChatMemberDeltaSchema, {
      ...text,
      voter: toProtoVoter(voter),
      skippedChars: BigInt(skippedChars),
    }),
  });
const finished = (answer: ChatResponse): StreamChatResponse =>
  response({ case: "finished", value: create(ChatFinishedSchema, { response: answer }) });
