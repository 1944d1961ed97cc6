import { completionOf } from "../completion.js";
import { loggedRequest } from "../logged-request.js";
import { isPanel } from "../question.js";
import { chatForm } from "./answer-form.js";
import { answerModel, streamModel } from "./ask-model.js";
import { answerPanel, streamPanel } from "./ask-panel.js";
import { readChatRequest } from "./chat-request.js";
import { readDeadline } from "./deadline.js";
import type { Route } from "./deps.js";
import { providerHeadersOf } from "./provider-headers.js";
import { readJson } from "./read-body.js";

const path = "/v1/chat/completions";

/** `POST /v1/chat/completions` */
export const chatCompletions: Route = async (exchange, deps) => {
  const deadlineMs = readDeadline(exchange);
  const { limits } = deps.config.settings;
  const body = await readJson(exchange.req, limits.requestBytes);
  const { question, stream } = readChatRequest(body, { maxMessages: limits.messages, deadlineMs });
  if (isPanel(question.model)) {
    const asked = { question, logged: loggedRequest(exchange.caller, path, body) };
    await (stream ? streamPanel : answerPanel)(asked, exchange, deps);
  } else {
    const asked = { request: completionOf(question, providerHeadersOf(exchange.req.headers)), deadlineMs };
    await (stream ? streamModel : answerModel)(asked, chatForm, exchange, deps);
  }
};
