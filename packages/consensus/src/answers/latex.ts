const styled = /\\(?:text|textbf|textit|mathrm|mathbf|mathit|operatorname)\s?\{([^{}]*)\}/g;

/**
 * Writes LaTeX as plain text: `\frac{1}{2}` as `1/2`, `1.5 \times 10^{3}` as `1.5 × 10^3`, `1{,}000` as `1,000`,
 * `\text{km}` as `km`. What it does not know stays.
 */
export function plainLatex(text: string): string {
  if (!text.includes("\\") && !text.includes("{")) return text;
  return text
    .replace(styled, "$1")
    .replace(/(?<=\d)(?=\\[dt]?frac)/g, " ")
    .replace(/\\[dt]?frac\s?\{([^{}]*)\}\s?\{([^{}]*)\}/g, "$1/$2")
    .replace(/\\[dt]?frac\s?(\d)(\d)/g, "$1/$2")
    .replace(/\^\{([^{}]{1,40})\}/g, "^$1")
    .replaceAll("{,}", ",")
    .replace(/\^?\\circ(?!\p{L})/gu, "°")
    .replace(/\\(?:times|cdot)(?!\p{L})/gu, "×")
    .replace(/\\pi(?!\p{L})/gu, "π")
    .replace(/\\sqrt(?!\p{L})/gu, "√")
    .replace(/\\(?:left|right|displaystyle)(?!\p{L})|\\[!()[\]]|\$\$/gu, "")
    .replace(/\\(?:quad(?!\p{L})|[,;: ])/gu, " ")
    .replace(/\\([%$#&_])/g, "$1");
}
