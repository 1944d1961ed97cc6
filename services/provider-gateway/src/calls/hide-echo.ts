import type { CompletionRequest } from "@synod/contracts/provider";

const pieceLength = 16;
const step = 8;
/** Texts shorter than this, blanks left out, say nothing about anybody. */
const shortest = 7;

/** What stands in place of a message that repeats the conversation. */
const hidden = "the provider's message is not shown: it repeats the conversation";

/**
 * An upstream's message, without what it repeats of the conversation: errors reach logs, and other callers where the
 * same failure is told again. Conversations must not.
 */
export function withoutEcho(message: string, request: CompletionRequest): string {
  return echoes(message, request) ? hidden : message;
}

/**
 * Whether an upstream's message repeats something of the conversation: a piece of 24 characters or more, or a whole text
 * of 7 or more. Blanks and control characters do not count, nor does the form of JSON text.
 *
 * The whole conversation is compared, in time that grows with its length alone: 4 MiB take some 20 ms.
 */
export function echoes(message: string, request: CompletionRequest): boolean {
  const forms = [...new Set([message, unescaped(message)].map(bare))];
  const pieces = new PieceIndex(forms);
  for (const text of textsOf(request)) {
    if (text.length < shortest) continue;
    const said = bare(text);
    if (said.length < shortest) continue;
    if (pieces.occursIn(said) || forms.some((form) => form.includes(said))) return true;
  }
  return false;
}

/** Every piece of a message. Most of a long text is told from them by a table, without making a text of it. */
class PieceIndex {
  readonly #pieces = new Set<string>();
  readonly #marks = new Uint8Array(65_536);

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      for (let at = 0; at + pieceLength <= text.length; at++) {
        this.#pieces.add(text.slice(at, at + pieceLength));
        this.#marks[markOf(text, at)] = 1;
      }
    }
  }

  /** Looks at each 8th place, so what is as long as a piece and 7 more is found wherever it stands. */
  occursIn(text: string): boolean {
    for (let at = 0; at + pieceLength <= text.length; at += step) {
      if (this.#marks[markOf(text, at)] === 0) continue;
      if (this.#pieces.has(text.slice(at, at + pieceLength))) return true;
    }
    return false;
  }
}

function markOf(text: string, at: number): number {
  const first = text.charCodeAt(at);
  return (first * 31 + text.charCodeAt(at + 7) * 7 + text.charCodeAt(at + pieceLength - 1)) & 0xffff;
}

/** A text without blanks and control characters, which are lost where a message is put on one line. */
function bare(text: string): string {
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (!isBlank(unit)) units[length++] = unit;
  }
  return length === text.length ? text : Buffer.from(units.buffer, 0, 2 * length).toString("utf16le");
}

function isBlank(unit: number): boolean {
  if (unit < 0x2000) return unit <= 0x20 || (unit >= 0x7f && unit <= 0xa0) || unit === 0xad;
  return (
    unit <= 0x200f ||
    (unit >= 0x2028 && unit <= 0x202f) ||
    (unit >= 0x205f && unit <= 0x206f) ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}

/** What JSON text stands for, where a message quotes the request's body. */
function unescaped(message: string): string {
  return message.replace(
    /\\(?:u([0-9a-f]{4})|([nrtbf])|(.))/gi,
    (_, code?: string, control?: string, other?: string) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return control === undefined ? (other ?? "") : " ";
    },
  );
}

/** Everything in a request that somebody wrote. Names of tools and schemas are none of it: errors say what is wrong with them. */
function* textsOf(request: CompletionRequest): Generator<string> {
  const { sampling } = request;
  yield request.prompt;
  yield request.extraJson;
  yield* sampling?.stop ?? [];
  yield sampling?.responseFormat?.schemaJson ?? "";
  yield sampling?.responseFormat?.schemaDescription ?? "";
  for (const message of request.messages) {
    yield message.name;
    yield message.reasoning;
    yield message.refusal;
    yield message.extraJson;
    for (const { content } of message.parts) if (content.value !== undefined) yield content.value;
    for (const call of message.toolCalls) yield call.argumentsJson;
  }
}
