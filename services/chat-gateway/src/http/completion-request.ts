import { invalid } from "../failure.js";
import { isPanel, panelPrefix, type TextQuestion } from "../question.js";
import { createBodyText } from "./body-text.js";
import { type CompletionBody, completionBody } from "./completion-body.js";
import { completionExtrasOf } from "./fields.js";
import { parseBody } from "./parse-body.js";
import type { JsonBody } from "./read-body.js";
import { shapedSamplingOf } from "./sampling.js";

/** A text completion that is wanted. */
export interface CompletionRequest {
  readonly question: TextQuestion;
  readonly stream: boolean;
}

/**
 * Reads a text completion's body.
 *
 * @param deadlineMs Milliseconds that the caller is ready to wait, from its header.
 * @throws SynodError `invalid_value` with the path of the first field that is wrong, or that cannot be honoured.
 */
export function readCompletionRequest(
  { json, text: written }: JsonBody,
  deadlineMs: number | undefined,
): CompletionRequest {
  const body = parseBody(completionBody, json);
  const { model, prompt, stream } = body;
  if (isPanel(model)) {
    const advice = `Name one model, or ask \`${model}\` under /v1/chat/completions.`;
    throw invalid("model", `model: a panel (\`${panelPrefix}…\`) does not continue texts. ${advice}`);
  }
  checkChoices(body);
  const text = createBodyText(written);
  const question = {
    model,
    prompt: typeof prompt === "string" ? prompt : prompt[0],
    sampling: shapedSamplingOf(body, text),
    extraJson: completionExtrasOf(body, text),
    deadlineMs,
  };
  return { question, stream: stream === true };
}

/** @throws SynodError `invalid_value` for what asks for more than one continuation of the prompt. */
function checkChoices(body: CompletionBody): void {
  if (body.best_of != null && body.best_of !== 1) {
    throw invalid("best_of", "best_of other than 1 is not available. Ask again instead.");
  }
  if (body.echo === true) {
    throw invalid("echo", "echo is not available: the answer is the continuation alone.");
  }
}
