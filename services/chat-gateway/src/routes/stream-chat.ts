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
import { type CallContext, callContext, type ServiceImpl } from "@synod/rpc";
import { wantsMembers } from "@synod/settings";
import { completionOf } from "../completion.js";
import { invalid } from "../failure.js";
import { createLane, type WaitingText } from "../lane.js";
import type { PanelQuestion } from "../logged-request.js";
import { isPanel, type Question } from "../question.js";
import { refusalAsAnswer } from "../refusal.js";
import { modelAnswer, panelAnswer } from "./answer.js";
import { createChannel } from "./channel.js";
import type { RouteDeps } from "./deps.js";
import { loggedChat } from "./logged-chat.js";
import { questionOf } from "./question.js";

/** `ChatService.StreamChat` */
export function streamChat(deps: RouteDeps): ServiceImpl<typeof ChatService>["streamChat"] {
  return (request, context) => {
    if (request.chat === undefined) throw invalid("chat", "chat is missing.");
    const call = callContext(context);
    const question = questionOf(request.chat, call, deps.limits.messages);
    if (!isPanel(question.model)) return streamModel(question, call, deps);
    return streamPanel({ question, logged: loggedChat(request.chat, context) }, call, deps);
  };
}

async function* streamModel(
  question: Question,
  call: CallContext,
  { providers }: RouteDeps,
): AsyncGenerator<StreamChatResponse> {
  const responses = providers.streamCompletion({ completion: completionOf(question) }, call.outgoing());
  let completion: Completion | undefined;
  let begun = false;
  try {
    for await (const { event } of responses) {
      begun = true;
      if (event.case === "delta" && event.value.text !== "") yield delta(event.value.text);
      if (event.case === "finished") completion = event.value.completion;
    }
  } catch (error) {
    ({ completion } = refusalAsAnswer(error, begun));
  }
  yield finished(modelAnswer(question.model, completion));
}

async function* streamPanel(
  { question, logged }: PanelQuestion,
  call: CallContext,
  { panels, runner }: RouteDeps,
): AsyncGenerator<StreamChatResponse> {
  const spec = await panels.specOf(question);
  const { requestId, signal } = call;
  const channel = createChannel<StreamChatResponse>(signal);
  const lane = createLane<StreamChatResponse>({ send: channel.send, toMessage: memberDelta });
  let sent = "";
  const run = runner.run(
    { spec, messages: question.messages, requestId, trace: call, signal, logged },
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
  const text = answer.message?.parts.map(({ content }) => content.value).join("") ?? "";
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
