import { itemTexts, memberTexts } from "@synod/consensus";

/** A request's body as it was written. What goes on to a provider is cut out of it, so that no byte of it changes. */
export interface BodyText {
  /** The value of a field, or of a field within it. The body is known to have it. */
  field(...path: readonly [string, ...string[]]): string;
  /** The value of a message's field. The body is known to have it. */
  messageField(message: number, name: string): string;
  /** A content part of a message. The body is known to have it. */
  part(message: number, part: number): string;
}

/** Reads a body's text. It is taken apart when something of it is asked for, and only once. */
export function createBodyText(text: string): BodyText {
  const fields = once(() => memberTexts(text));
  const messages = once(() => itemTexts(valueOf(fields(), "messages")).map(lazyMessage));

  function messageAt(index: number): LazyMessage {
    return there(messages()[index], `messages[${index}]`);
  }

  return {
    field(name, ...path) {
      return path.reduce((value, inner) => valueOf(memberTexts(value), inner), valueOf(fields(), name));
    },
    messageField: (message, name) => valueOf(messageAt(message).fields(), name),
    part: (message, part) => there(messageAt(message).parts()[part], `messages[${message}].content[${part}]`),
  };
}

interface LazyMessage {
  readonly fields: () => ReadonlyMap<string, string>;
  readonly parts: () => readonly string[];
}

function lazyMessage(text: string): LazyMessage {
  const fields = once(() => memberTexts(text));
  return { fields, parts: once(() => itemTexts(valueOf(fields(), "content"))) };
}

function valueOf(members: ReadonlyMap<string, string>, name: string): string {
  return there(members.get(name), name);
}

function there<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the body's text has no ${what}`);
  return value;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
