/**
 * What every answer over HTTP/1.1 tells browsers, unless a route says otherwise: it is kept nowhere, is what it says it is,
 * loads and runs nothing, stands in no frame, and is no part of another site's page.
 */
export const safeHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
