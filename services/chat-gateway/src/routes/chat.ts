import type { ChatResponse, ChatService } from "@synod/contracts/chat";
import { callContext, type ServiceImpl } from "@synod/rpc";
import { completionOf } from "../completion.js";
import { checkUnwatched, isPanel, type Question } from "../question.js";
import { refusalAsAnswer } from "../refusal.js";
import { modelAnswer, panelAnswer } from "./answer.js";
import { type Asker, askerOf } from "./asker.js";
import { chatOnce, idempotencyKeyOf, markReplayed } from "./chat-once.js";
import type { RouteDeps } from "./deps.js";
import { questionOf } from "./question.js";

/** `ChatService.Chat` */
export function chat(deps: RouteDeps): ServiceImpl<typeof ChatService>["chat"] {
  return async (request, context) => {
    const question = questionOf(request, callContext(context), deps.limits.messages);
    checkUnwatched(question);
    const asker = askerOf(request, context);
    const key = idempotencyKeyOf(context);
    if (key === undefined) return ask(question, asker, deps);
    const { answer, isReplayed } = await chatOnce(deps.once, key, asker, (own) => ask(question, own, deps));
    if (isReplayed) markReplayed(context);
    return answer;
  };
}

async function ask(
  question: Question,
  { caller, call, logged }: Asker,
  { panels, runner, models }: RouteDeps,
): Promise<ChatResponse> {
  const { model, messages } = question;
  if (!isPanel(model)) {
    const completion = await models
      .complete({ caller }, completionOf(question), call.outgoing())
      .catch((error: unknown) => refusalAsAnswer(error));
    return modelAnswer(model, completion);
  }
  const spec = await panels.specOf(question);
  const { requestId, signal } = call;
  const run = await runner.run({ spec, messages, caller, requestId, trace: call, signal, logged });
  return panelAnswer(model, run);
}
