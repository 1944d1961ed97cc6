import { invalid } from "../failure.js";
import { isPanel } from "../question.js";
import { answerModel, streamModel } from "./ask-model.js";
import { answerPanel, streamPanel } from "./ask-panel.js";
import { readChatRequest } from "./chat-request.js";
import type { Route } from "./deps.js";
import type { Exchange } from "./exchange.js";
import { readJson } from "./read-body.js";

const deadlineHeader = "x-synod-deadline-ms";
/** The longest deadline that may be asked for, in milliseconds. */
const maxDeadlineMs = 3_600_000;

/** `POST /v1/chat/completions` */
export const chatCompletions: Route = async (exchange, deps) => {
  const deadlineMs = readDeadline(exchange);
  const { limits } = deps.config.settings;
  const json = await readJson(exchange.req, limits.requestBytes);
  const { question, stream } = readChatRequest(json, { maxMessages: limits.messages, deadlineMs });
  if (isPanel(question.model)) {
    await (stream ? streamPanel : answerPanel)(question, exchange, deps);
  } else {
    await (stream ? streamModel : answerModel)(question, exchange, deps);
  }
};

/** How long the caller is ready to wait, in milliseconds, from its header. */
export function readDeadline({ req }: Exchange): number | undefined {
  const text = req.headers[deadlineHeader];
  if (text === undefined) return undefined;
  const deadlineMs = typeof text === "string" && /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (deadlineMs >= 1 && deadlineMs <= maxDeadlineMs) return deadlineMs;
  throw invalid(deadlineHeader, `${deadlineHeader} must be a whole number from 1 to ${maxDeadlineMs}.`);
}
