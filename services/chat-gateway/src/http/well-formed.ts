/** Replaces lone surrogates, which have no UTF-8 form and so could not leave this process. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD");
}
