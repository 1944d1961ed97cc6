import type { Told } from "./fault-case.js";

/** An answer with the whole text. */
export const answered: Told = { status: 200 };

/** A failure that may pass, and for which nothing was paid. */
export const failed: Told = { status: 502, code: "upstream_error", again: true };

/** A failure after something was written, which is paid for: nobody is told to ask again. */
export const broken: Told = { ...failed, again: false };

/** What came cannot be read. The model was at work, so it may have to be paid for. */
export const unreadable: Told = { status: 502, code: "invalid_upstream_response", again: false };

/** A stream that ends with an error after two tokens. */
export const brokenStream: Told = { status: 200, code: 502, text: "17 times", finishReason: "error" };
