import { memberTexts } from "@synod/consensus";
import { asObject, parseJson } from "./json.js";

export { objectText } from "@synod/consensus";

/** A member of a JSON object: its name, and its value as JSON text. */
export type RawMember = readonly [name: string, json: string];

/**
 * The members of a JSON object with their values as they were written.
 *
 * @returns undefined when the text is no JSON object.
 */
export function rawMembers(text: string): Map<string, string> | undefined {
  return asObject(parseJson(text)) === undefined ? undefined : memberTexts(text);
}

/** The members of an object, its values as JSON text. What is undefined is left out. */
export function membersOf(object: object): RawMember[] {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, JSON.stringify(value)]);
}
