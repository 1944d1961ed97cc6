import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** What turns compressed bytes into plain ones. */
export type Inflater = ReturnType<typeof createGunzip | typeof createBrotliDecompress>;

/**
 * The inflater for a `content-encoding`; undefined when the body is plain, null when the encoding is unknown.
 *
 * Several encodings on top of each other are unknown: no provider sends them, and they are how bombs are made.
 */
export function inflaterFor(contentEncoding: string | undefined): Inflater | undefined | null {
  switch (contentEncoding?.trim().toLowerCase() ?? "") {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return null;
  }
}
