import { MappingError } from "./mapping-error.js";

/**
 * Reads an enum value through a table in which the compiler sees every value. Null stands for a value that must not
 * occur; a value that the table does not have comes from a newer build.
 *
 * @throws MappingError for both.
 */
export function fromTable<Key extends number, Plain extends string>(
  table: Readonly<Record<Key, Plain | null>>,
  value: Key,
  field: string,
): Plain {
  const plain: Plain | null | undefined = table[value];
  if (plain === null || plain === undefined) throw new MappingError(field, `unknown value ${value}`);
  return plain;
}

/**
 * Reads a word that a contract carries as text.
 *
 * @throws MappingError when it is none of the words.
 */
export function fromWord<Word extends string>(
  words: Readonly<Record<Word, true>>,
  value: string,
  field: string,
): Word {
  const isWord = (text: string): text is Word => Object.hasOwn(words, text);
  if (!isWord(value)) throw new MappingError(field, `unknown word ${JSON.stringify(value.slice(0, 64))}`);
  return value;
}
