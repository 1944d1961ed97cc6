// What moves a cursor, changes a terminal, or makes text look like another: control characters but for line ends and
// tabs, marks of direction, and what is not seen.
const unsafe = /(?![\n\t])\p{Cc}|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

const escaped = (character: string): string => {
  const hex = character.charCodeAt(0).toString(16);
  return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
};

/** A text that somebody else wrote, fit for a terminal: control characters are shown as `\x1b`. Line ends stay. */
export function forTerminal(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(unsafe, escaped);
}

/** The same in one line: line ends and tabs become spaces. */
export function oneLine(text: string): string {
  return forTerminal(text).replace(/\s+/g, " ").trim();
}

/** The same as `forTerminal`, moved in by two blanks. */
export function indented(text: string): string {
  return forTerminal(text).replace(/^(?=.)/gm, "  ");
}

/** JSON fit for a terminal, and still the same JSON: JSON itself leaves some control characters as they are. */
export function jsonForTerminal(json: string): string {
  return json.replace(/[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The same as `forTerminal` for a text that comes in pieces, which may cut a line end in two. */
export function createEscaper(): (piece: string) => string {
  let held = "";
  return (piece) => {
    const text = held + piece;
    held = text.endsWith("\r") ? "\r" : "";
    return forTerminal(held === "" ? text : text.slice(0, -1));
  };
}
