/**
 * Whether a name or an id is fit to stand in a log and on a screen: nothing in it moves the cursor, turns the direction of
 * what follows, or takes no room.
 */
export function isPlainName(name: string): boolean {
  return !/[\p{Cc}\p{Bidi_Control}\u200b\u2060\ufeff]/u.test(name);
}

/** What is said of a name that is not. */
export const notPlain = "must have no control characters and no invisible ones";

/** What a model may be called: 1 to 256 visible ASCII characters. */
export const modelPattern = /^[\x21-\x7e]{1,256}$/;
