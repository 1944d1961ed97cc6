import { completionOf } from "../completion.js";
import { claimed, loggedRequest } from "../logged-request.js";
import { isPanel } from "../question.js";
import { requestHash } from "../request-hash.js";
import { chatForm } from "./answer-form.js";
import { answerModel, streamModel } from "./ask-model.js";
import { answerOnce, type RepeatableRequest } from "./answer-once.js";
import { answerPanel, streamPanel, tellPanel } from "./ask-panel.js";
import { readChatRequest } from "./chat-request.js";
import { readDeadline } from "./deadline.js";
import { providerHeadersOf } from "./provider-headers.js";
import { readJson } from "./read-body.js";
import type { PlacedRoute } from "./with-place.js";

const path = "/v1/chat/completions";

/** `POST /v1/chat/completions` */
export const chatCompletions: PlacedRoute = async (exchange, deps) => {
  const deadlineMs = readDeadline(exchange);
  const { limits } = deps.config.settings;
  const body = await readJson(exchange, deps);
  const { question, stream } = readChatRequest(body, { maxMessages: limits.messages, deadlineMs });
  const { model } = question;
  const wanted = { stream: stream ? { form: chatForm, model } : undefined, deadlineMs };
  if (isPanel(model)) {
    const logged = loggedRequest(exchange.caller, path, body);
    const answerWhere = stream ? streamPanel : answerPanel;
    const request: RepeatableRequest = {
      ...wanted,
      hash: () => logged.requestHash,
      answer: (own) => answerWhere({ question, logged: claimed(logged, own.claim) }, own, deps),
      tell: (run, own) => tellPanel(run, stream, own, deps),
    };
    return answerOnce(request, exchange, deps);
  }
  const asked = { request: completionOf(question, providerHeadersOf(exchange.req.headers)), deadlineMs };
  const answerWhere = stream ? streamModel : answerModel;
  const request: RepeatableRequest = {
    ...wanted,
    hash: () => requestHash(path, body.json),
    answer: (own) => answerWhere(asked, chatForm, own, deps),
  };
  return answerOnce(request, exchange, deps);
};
