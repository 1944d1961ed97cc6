import { asObject, parseJson } from "./json.js";

/** A member of a JSON object: its name, and its value as JSON text. */
export type RawMember = readonly [name: string, json: string];

/**
 * The members of a JSON object with their values as they were written, so that numbers beyond 2^53 and deep values stay
 * what they are. Of members with the same name the last one counts, as in `JSON.parse`.
 *
 * @returns undefined when the text is no JSON object.
 */
export function rawMembers(text: string): Map<string, string> | undefined {
  if (asObject(parseJson(text)) === undefined) return undefined;
  const members = new Map<string, string>();
  let at = text.indexOf("{") + 1;
  for (;;) {
    const name = text.indexOf('"', at);
    if (name === -1) return members;
    const nameEnd = endOfString(text, name);
    const value = text.indexOf(":", nameEnd) + 1;
    at = endOfValue(text, value);
    members.set(JSON.parse(text.slice(name, nameEnd)) as string, text.slice(value, at).trim());
  }
}

/** The JSON object that has these members. */
export function objectText(members: Iterable<RawMember>): string {
  const texts = Array.from(members, ([name, json]) => `${JSON.stringify(name)}:${json}`);
  return `{${texts.join(",")}}`;
}

/** The members of an object, its values as JSON text. What is undefined is left out. */
export function membersOf(object: object): RawMember[] {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, JSON.stringify(value)]);
}

/** Where the string that begins at `quote` has ended. The text is known to be JSON. */
function endOfString(text: string, quote: number): number {
  let end = quote;
  let slashes: number;
  do {
    end = text.indexOf('"', end + 1);
    slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
  } while (slashes % 2 === 1);
  return end + 1;
}

/** Where the value that begins at `start` has ended: at the comma or the brace after it. */
function endOfValue(text: string, start: number): number {
  const marks = /["{}[\],]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const [sign] = mark;
    if (sign === '"') marks.lastIndex = endOfString(text, mark.index);
    else if (sign === "{" || sign === "[") depth += 1;
    else if (depth === 0) return mark.index;
    else if (sign !== ",") depth -= 1;
  }
  return text.length;
}
