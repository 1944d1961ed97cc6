import type { ChatService } from "@synod/contracts/chat";
import { callContext, type ServiceImpl } from "@synod/rpc";
import { completionOf } from "../completion.js";
import { checkUnwatched, isPanel } from "../question.js";
import { refusalAsAnswer } from "../refusal.js";
import { modelAnswer, panelAnswer } from "./answer.js";
import type { RouteDeps } from "./deps.js";
import { loggedChat } from "./logged-chat.js";
import { questionOf } from "./question.js";

/** `ChatService.Chat` */
export function chat({
  panels,
  runner,
  providers,
  limits,
}: RouteDeps): ServiceImpl<typeof ChatService>["chat"] {
  return async (request, context) => {
    const call = callContext(context);
    const question = questionOf(request, call, limits.messages);
    checkUnwatched(question);
    const { model, messages } = question;
    if (!isPanel(model)) {
      const { completion } = await providers
        .complete({ completion: completionOf(question) }, call.outgoing())
        .catch((error: unknown) => refusalAsAnswer(error));
      return modelAnswer(model, completion);
    }
    const spec = await panels.specOf(question);
    const { requestId, signal } = call;
    const logged = loggedChat(request, context);
    return panelAnswer(model, await runner.run({ spec, messages, requestId, trace: call, signal, logged }));
  };
}
