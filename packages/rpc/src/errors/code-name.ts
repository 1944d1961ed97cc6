import { Code } from "@connectrpc/connect";

/** A code as it is written on the wire: `deadline_exceeded`. */
export function codeName(code: Code): string {
  return Code[code].replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
