import { textCompletionOf } from "../completion.js";
import { requestHash } from "../request-hash.js";
import { textForm } from "./answer-form.js";
import { answerOnce, type RepeatableRequest } from "./answer-once.js";
import { answerModel, streamModel } from "./ask-model.js";
import { readCompletionRequest } from "./completion-request.js";
import { readDeadline } from "./deadline.js";
import { providerHeadersOf } from "./provider-headers.js";
import { readJson } from "./read-body.js";
import type { PlacedRoute } from "./with-place.js";

const path = "/v1/completions";

/** `POST /v1/completions`: one model continues a text. */
export const completions: PlacedRoute = async (exchange, deps) => {
  const deadlineMs = readDeadline(exchange);
  const body = await readJson(exchange, deps);
  const { question, stream } = readCompletionRequest(body, deadlineMs);
  const asked = { request: textCompletionOf(question, providerHeadersOf(exchange.req.headers)), deadlineMs };
  const answerWhere = stream ? streamModel : answerModel;
  const request: RepeatableRequest = {
    stream: stream ? { form: textForm, model: question.model } : undefined,
    deadlineMs,
    hash: () => requestHash(path, body.json),
    answer: (own) => answerWhere(asked, textForm, own, deps),
  };
  await answerOnce(request, exchange, deps);
};
