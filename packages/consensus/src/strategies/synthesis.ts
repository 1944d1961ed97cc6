import { textMessage } from "../run/message-text.js";
import { answerSchemaText, shapedText } from "./answer-shape.js";
import { hasVote } from "./has-vote.js";
import { labelled } from "./labels.js";
import { unavailableOutcome, writtenOutcome } from "./outcomes.js";
import { pluralityOutcome, votesOf } from "./plurality.js";
import { shape1 } from "./prompts/shape-1.js";
import { synthesis1 } from "./prompts/synthesis-1.js";
import { saidText } from "./said.js";
import type { AggregationInput, Prompt, Strategy } from "./strategy.js";
import { writerPrompt } from "./writer-prompt.js";

/**
 * One model reads all answers and writes one. It is asked once, and never learns which model wrote what.
 *
 * If it fails, says nothing or writes something else than the schema that was asked for, the outcome is what can be said
 * without it: see `localOutcome`. No model is asked when no answer has a vote: the outcome's text is empty then.
 */
export const synthesis: Strategy = {
  name: "synthesis",
  needsModel: true,
  votes: false,
  calls: () => [1],
  next(input, replies) {
    const answers = hasVote(input.answers, votesOf(input.answers, input.answerFormat));
    if (answers.length === 0) return { outcome: pluralityOutcome(input.answers, input.answerFormat) };
    const prompt = shapedPrompt(writerPrompt(input, synthesis1, labelled(answers, input.seed)), input);
    if (replies.length === 0) return { ask: [prompt] };
    const said = saidText(replies[0]);
    const text = said === null ? null : shapedText(said, input);
    return {
      outcome:
        text === null
          ? unavailableOutcome(input, prompt.version)
          : writtenOutcome(input, text, prompt.version),
    };
  },
};

/**
 * The prompt, for an answer of the schema that was asked for. The schema is named in words too: not every provider keeps
 * a model to it.
 */
function shapedPrompt(prompt: Prompt, input: AggregationInput): Prompt {
  const { responseFormat } = input;
  const schemaText = answerSchemaText(input);
  if (responseFormat === undefined || schemaText === null) return prompt;
  return {
    ...prompt,
    messages: [...prompt.messages, textMessage("user", `${shape1.instructions}\n${schemaText}`)],
    sampling: { ...prompt.sampling, responseFormat },
    version: `${prompt.version}+${shape1.version}`,
  };
}
