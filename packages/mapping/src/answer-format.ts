import type { AnswerFormat } from "@synod/consensus";
import { fromWord } from "./enum.js";

const formats = {
  auto: true,
  number: true,
  choice: true,
  boolean: true,
  json: true,
  exact: true,
  text: true,
} as const satisfies Record<AnswerFormat, true>;

/**
 * How answers are compared, from the contract's word; `auto` when it is empty. The other way the word stands as it is.
 *
 * @throws MappingError for another word.
 */
export function fromProtoAnswerFormat(word: string): AnswerFormat {
  return word === "" ? "auto" : fromWord<AnswerFormat>(formats, word, "answer_format");
}
