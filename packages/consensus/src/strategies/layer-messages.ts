import type { Message } from "../run/conversation.js";
import { textMessage } from "../run/message-text.js";
import type { LabelledAnswer } from "./labels.js";
import { layered1 } from "./prompts/layered-1.js";
import { answersSection } from "./sections.js";
import type { AggregationInput } from "./strategy.js";

/** What a member sees in a further layer: the conversation as it is, instructions, the references, what to write. */
export function layerMessages(
  input: AggregationInput,
  references: readonly LabelledAnswer[],
): readonly Message[] {
  return [
    ...input.conversation,
    textMessage("system", layered1.instructions),
    textMessage("user", [answersSection(references, input), layered1.reply].join("\n\n")),
  ];
}
