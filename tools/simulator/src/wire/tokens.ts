const TOKEN = /\s*\S{1,6}|\s+$/gu;

/** Cuts a text into tokens, which joined are the text again: up to six characters with the space before them. */
export function splitTokens(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** About how many tokens a prompt has: a quarter of its characters, and four for each message. */
export function promptTokens(messages: readonly { readonly text: string }[]): number {
  return messages.reduce((sum, { text }) => sum + 4 + Math.ceil(text.length / 4), 0);
}
