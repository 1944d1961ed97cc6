/** The longest message of an error, in characters. */
const maxMessageLength = 1_024;

/** Cuts a text for an error's message, and replaces lone surrogates, which no transport can encode. */
export function errorText(text: string): string {
  return text.slice(0, maxMessageLength).replace(/[\uD800-\uDFFF]/gu, "\uFFFD");
}
