import type { Message } from "../run/conversation.js";
import { jsonSampling } from "../replies/json-sampling.js";
import { conversationText, textMessage } from "../run/message-text.js";
import type { ModelPrompt } from "../strategies/strategy.js";
import { cutText } from "../text/cut-text.js";
import { fenced } from "../text/fenced.js";
import { shownAnswer } from "../text/shown-answer.js";
import { validate1 } from "./prompts/validate-1.js";
import { judgementSchemaJson } from "./schema.js";

/** What a judge is shown. */
export interface JudgeQuestion {
  /** The caller's conversation. */
  readonly conversation: readonly Message[];
  /** The answer that is judged. */
  readonly answer: string;
  /** Marks where the data begins and ends: made anew for each call, 8 or more letters and digits. */
  readonly nonce: string;
}

/** Characters of an unreadable reply that its judge is shown again. */
const MAX_SHOWN_REPLY = 4_000;

/**
 * The question to a judge: fixed instructions; the conversation and the answer, each one JSON string between fences;
 * the form of the reply last. An answer of more than 32,000 characters is cut, and marked as cut.
 */
export function judgePrompt({ conversation, answer, nonce }: JudgeQuestion): ModelPrompt {
  const question = `Question:\n${fenced(conversationText(conversation), nonce)}`;
  return {
    messages: [
      textMessage("system", validate1.instructions),
      textMessage(
        "user",
        [question, `Answer:\n${fenced(shownAnswer(answer), nonce)}`, validate1.reply].join("\n\n"),
      ),
    ],
    sampling: jsonSampling("judgement", judgementSchemaJson),
    version: validate1.version,
  };
}

/**
 * The question again, with the judge's unreadable reply and what was wrong with it. Asked once at most.
 * `problem`: the error of `parseJudgement`.
 */
export function repairPrompt(
  question: JudgeQuestion & { readonly reply: string; readonly problem: string },
): ModelPrompt {
  const prompt = judgePrompt(question);
  const shown = cutText(question.reply, MAX_SHOWN_REPLY).trim();
  return {
    ...prompt,
    messages: [
      ...prompt.messages,
      textMessage("assistant", shown === "" ? "(empty)" : shown),
      textMessage("user", [`${validate1.repair} ${question.problem}`, validate1.reply].join("\n\n")),
    ],
  };
}
