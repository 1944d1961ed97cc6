const longestBytes = 1_024;

/** What looks like a secret of ours: keys and the names of our accounts. */
const secrets =
  /\b(?:sk|gsk|pk|rk)[-_][A-Za-z0-9_*.-]{6,}|\bBearer\s+\S+|\b(?:org|user|proj)_[A-Za-z0-9_]{6,}/g;

const markup = /^\s*<|<(?:!doctype|html|head|body|title|script|style)\b/i;

/** A text in which what looks like a secret is hidden. */
export function hideSecrets(text: string): string {
  return text.replace(secrets, "[hidden]");
}

/**
 * An upstream's text, fit to be shown: without markup, control characters and what looks like a key, on one line, at
 * most 1 KiB.
 */
export function cleanText(text: string): string {
  const start = text.slice(0, 4 * longestBytes);
  if (markup.test(start)) return "";
  const clean = hideSecrets(start.toWellFormed())
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return cut(clean);
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longestBytes) return text;
  // Cutting within a character leaves a mark at the end.
  return bytes
    .subarray(0, longestBytes - 3)
    .toString()
    .replace(/\ufffd+$/, "");
}
