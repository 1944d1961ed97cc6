/**
 * What stands inside a text that is one Markdown code fence and nothing else. Null when it is something else.
 *
 * By hand and not by pattern: a pattern over two open ends takes quadratic time on hostile text.
 */
export function wholeFence(text: string): string | null {
  const trimmed = text.trim();
  const start = opening(trimmed, 0);
  if (start === null || !trimmed.endsWith("\n```")) return null;
  const inner = trimmed.slice(start, -4);
  return start > trimmed.length - 4 || inner.includes("\n```") || inner.startsWith("```") ? null : inner;
}

/** What stands inside the last closed code fence of a text. Null without one. */
export function lastFence(text: string): string | null {
  const lines = text.split("\n");
  let end = -1;
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = (lines[i] ?? "").trim();
    if (!line.startsWith("```")) continue;
    if (end < 0 && line === "```") end = i;
    else if (end >= 0) return lines.slice(i + 1, end).join("\n");
  }
  return null;
}

/** Where the text after an opening line (three backticks, `json` or nothing) begins. */
function opening(text: string, at: number): number | null {
  const end = text.indexOf("\n", at);
  if (end < 0 || end - at > 16) return null;
  return /^```(?:json)?\s*$/i.test(text.slice(at, end)) ? end + 1 : null;
}
