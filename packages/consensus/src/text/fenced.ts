/**
 * A text as data inside a prompt: one JSON string on one line of its own, between two lines that hold the nonce.
 *
 * A text cannot leave its fence: it holds no line break, and it cannot know the nonce.
 */
export function fenced(text: string, nonce: string): string {
  const json = JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return `[[begin ${nonce}]]\n${json}\n[[end ${nonce}]]`;
}
