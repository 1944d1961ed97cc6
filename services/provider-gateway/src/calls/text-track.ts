/**
 * Collects text that arrives in pieces, and makes it well-formed: a character outside the basic plane may be cut in two
 * between pieces, and a lone half becomes U+FFFD.
 */
export class TextTrack {
  #whole = "";
  #fresh = "";
  #half = "";

  /** Everything so far. */
  get whole(): string {
    return this.#whole;
  }

  /** Adds a piece. */
  push(piece: string): void {
    let text = this.#half + piece;
    this.#half = "";
    if (!text.isWellFormed()) {
      const last = text.charCodeAt(text.length - 1);
      if (last >= 0xd800 && last <= 0xdbff) {
        this.#half = text.slice(-1);
        text = text.slice(0, -1);
      }
      text = text.toWellFormed();
    }
    this.#whole += text;
    this.#fresh += text;
  }

  /** No more pieces come. */
  end(): void {
    if (this.#half === "") return;
    this.#half = "";
    this.#whole += "\ufffd";
    this.#fresh += "\ufffd";
  }

  /** What was added since the last time. */
  take(): string {
    const fresh = this.#fresh;
    this.#fresh = "";
    return fresh;
  }
}
