import { z } from "zod";
import { invalid } from "../failure.js";
import { claimed, loggedRequest, type PanelQuestion } from "../logged-request.js";
import { panelPrefix, type Question } from "../question.js";
import { endingOf } from "../run-ending.js";
import { answerOnce, type RepeatableRequest } from "./answer-once.js";
import { sendRunError } from "./ask-panel.js";
import { readDeadline } from "./deadline.js";
import type { HttpDeps } from "./deps.js";
import { type Exchange, sendJson } from "./exchange.js";
import { firstMistake } from "../issues.js";
import { tellRooms } from "./limit-headers.js";
import { readJson } from "./read-body.js";
import type { PlacedRoute } from "./with-place.js";

const text = z.string({ error: "must be a text" });
const body = z.strictObject(
  { system_message: text.nullish(), user_message: text.min(1, { error: "must not be empty" }) },
  { error: (issue) => (issue.code === "unrecognized_keys" ? undefined : "must be a JSON object") },
);

const path = "/api/routes/chat";

/** `POST /api/routes/chat`: asks the panel `synod/default`, in the shape of the system that Synod reimplements. */
export const referenceChat: PlacedRoute = async (exchange, deps) => {
  const deadlineMs = readDeadline(exchange);
  const sent = await readJson(exchange, deps);
  const parsed = body.safeParse(sent.json);
  if (!parsed.success) {
    const { param, message } = firstMistake(parsed.error.issues);
    throw invalid(param, `${param === "" ? "The body" : param} ${message}.`);
  }
  const question = questionOf(parsed.data, deadlineMs);
  const logged = loggedRequest(exchange.caller, path, sent);
  const request: RepeatableRequest = {
    stream: undefined,
    deadlineMs,
    hash: () => logged.requestHash,
    answer: (own) => answer({ question, logged: claimed(logged, own.claim) }, own, deps),
  };
  await answerOnce(request, exchange, deps);
};

async function answer(
  { question, logged }: PanelQuestion,
  exchange: Exchange,
  deps: HttpDeps,
): Promise<void> {
  const spec = await deps.panels.specOf(question);
  const { caller, requestId, trace, signal } = exchange;
  const { messages } = question;
  const run = await deps.runner.run(
    { spec, messages, caller, requestId, trace, signal, logged },
    { admitted: (rooms) => tellRooms(rooms, exchange.res) },
  );
  const ending = endingOf(run);
  if (ending.type === "failure") return sendRunError(run, ending.failure, exchange);
  sendJson(exchange, 200, JSON.stringify({ response: ending.text }));
}

function questionOf(sent: z.infer<typeof body>, deadlineMs: number | undefined): Question {
  const system = sent.system_message ?? "";
  const messageOf = (role: "system" | "user", content: string) => ({
    role,
    parts: [{ type: "text" as const, text: content }],
  });
  return {
    model: `${panelPrefix}default`,
    messages: [...(system === "" ? [] : [messageOf("system", system)]), messageOf("user", sent.user_message)],
    sampling: {},
    consensus: undefined,
    extraJson: "",
    deadlineMs,
  };
}
