import { textCompletionOf } from "../completion.js";
import { textForm } from "./answer-form.js";
import { answerModel, streamModel } from "./ask-model.js";
import { readCompletionRequest } from "./completion-request.js";
import { readDeadline } from "./deadline.js";
import type { Route } from "./deps.js";
import { providerHeadersOf } from "./provider-headers.js";
import { readJson } from "./read-body.js";

/** `POST /v1/completions`: one model continues a text. */
export const completions: Route = async (exchange, deps) => {
  const deadlineMs = readDeadline(exchange);
  const body = await readJson(exchange, deps);
  const { question, stream } = readCompletionRequest(body, deadlineMs);
  const asked = { request: textCompletionOf(question, providerHeadersOf(exchange.req.headers)), deadlineMs };
  await (stream ? streamModel : answerModel)(asked, textForm, exchange, deps);
};
