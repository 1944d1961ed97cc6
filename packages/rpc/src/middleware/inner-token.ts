import { createHash, timingSafeEqual } from "node:crypto";
import { innerTokenHeader } from "../context/headers.js";
import { SynodError } from "../errors/synod-error.js";

/** Makes a check of the secret between the services. It takes the same time whatever is wrong. Nothing is checked without a secret. */
export function createInnerTokenCheck(innerToken: string | undefined): (header: Headers) => void {
  if (innerToken === undefined) return () => undefined;
  const expected = digest(innerToken);
  return (header) => {
    const given = header.get(innerTokenHeader) ?? "";
    if (timingSafeEqual(digest(given), expected)) return;
    throw new SynodError({
      reason: "inner_token",
      message:
        "the secret between the services is missing or wrong: set the same SYNOD_INNER_TOKEN everywhere",
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
