import { invalid } from "../failure.js";
import { checkUnwatched, isPanel, type Question } from "../question.js";
import { conversationOf, panelConversationOf } from "./body-messages.js";
import { createBodyText } from "./body-text.js";
import { type ChatBody, chatBody } from "./chat-body.js";
import { chatExtrasOf, checkPanelFields, panelToolsOf } from "./fields.js";
import { parseBody } from "./parse-body.js";
import type { JsonBody } from "./read-body.js";
import { shapedSamplingOf } from "./sampling.js";

/** A chat completion that is wanted. */
export interface ChatRequest {
  readonly question: Question;
  readonly stream: boolean;
}

/** What the request is read with. */
export interface ChatRequestOptions {
  /** The most messages, 1 or more. */
  readonly maxMessages: number;
  /** Milliseconds that the caller is ready to wait, from its header. */
  readonly deadlineMs: number | undefined;
}

/**
 * Reads a chat completion's body.
 *
 * @throws SynodError `invalid_value` with the path of the first field that is wrong, or that cannot be honoured.
 */
export function readChatRequest({ json, text }: JsonBody, options: ChatRequestOptions): ChatRequest {
  checkCount(json, options.maxMessages);
  const body = parseBody(chatBody, json);
  const question = { ...questionOf(body, text), deadlineMs: options.deadlineMs };
  const stream = body.stream === true;
  if (!stream) checkUnwatched(question);
  return { question, stream };
}

/** Before anything is said of each of them: that would take long for too many. */
function checkCount(json: unknown, maxMessages: number): void {
  const messages =
    typeof json === "object" && json !== null && "messages" in json ? json.messages : undefined;
  if (!Array.isArray(messages) || messages.length <= maxMessages) return;
  throw invalid("messages", `messages must have at most ${maxMessages} entries.`);
}

function questionOf(body: ChatBody, written: string): Omit<Question, "deadlineMs"> {
  const text = createBodyText(written);
  const { model, messages } = body;
  if (!isPanel(model)) {
    return {
      model,
      messages: conversationOf(messages, text),
      sampling: shapedSamplingOf(body, text),
      consensus: undefined,
      extraJson: chatExtrasOf(body, text),
    };
  }
  checkPanelFields(body);
  const toolsJson = panelToolsOf(body, text);
  return {
    model,
    messages: panelConversationOf(messages, text),
    sampling: shapedSamplingOf(body, text),
    consensus: body.consensus ?? undefined,
    extraJson: "",
    ...(toolsJson !== undefined && { toolsJson }),
  };
}
