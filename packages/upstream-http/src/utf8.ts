import { isAscii } from "node:buffer";

/**
 * Reads UTF-8 that arrives in pieces, however they are split. What is not UTF-8 becomes U+FFFD; a byte order mark at the
 * start is dropped.
 */
export class Utf8Reader {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #midCharacter = false;
  #started = false;

  /** The text of the next piece, without a character that is not whole yet. */
  read(bytes: Buffer): string {
    if (bytes.length === 0) return "";
    // Most tokens are ASCII, for which the streaming decoder costs several times as much.
    if (!this.#midCharacter && isAscii(bytes)) {
      this.#started = true;
      return bytes.toString("latin1");
    }
    this.#midCharacter = (bytes[bytes.length - 1] ?? 0) > 0x7f;
    return this.#withoutMark(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What was left of a character that never became whole. */
  end(): string {
    return this.#midCharacter ? this.#withoutMark(this.#decoder.decode()) : "";
  }

  #withoutMark(text: string): string {
    if (this.#started || text === "") return text;
    this.#started = true;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}
