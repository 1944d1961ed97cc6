/**
 * The members of a JSON object with their values as they were written, so that numbers beyond 2^53 and deep values stay
 * what they are. Of members with the same name the last one counts, as in `JSON.parse`.
 *
 * @param text known to be a JSON object.
 */
export function memberTexts(text: string): Map<string, string> {
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

/**
 * The items of a JSON list as they were written.
 *
 * @param text known to be a JSON list.
 */
export function itemTexts(text: string): string[] {
  const items: string[] = [];
  let start = text.indexOf("[") + 1;
  for (;;) {
    const end = endOfValue(text, start);
    const item = text.slice(start, end).trim();
    if (item !== "") items.push(item);
    if (text[end] !== ",") return items;
    start = end + 1;
  }
}

/** The JSON object of members whose values are JSON text. */
export function objectText(members: Iterable<readonly [name: string, json: string]>): string {
  const texts = Array.from(members, ([name, json]) => `${JSON.stringify(name)}:${json}`);
  return `{${texts.join(",")}}`;
}

/** Where the string that begins at `quote` has ended. */
export function endOfString(text: string, quote: number): number {
  let end = quote;
  let slashes: number;
  do {
    end = text.indexOf('"', end + 1);
    slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
  } while (slashes % 2 === 1);
  return end + 1;
}

/** Where the value that begins at `start` has ended: at the comma or the bracket after it. */
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
