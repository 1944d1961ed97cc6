import type { Draft, Pace } from "./draft.js";
import type { EventPart, Step } from "./plan.js";

/** How a provider writes the events of a stream. */
export interface StreamShape {
  /** The comment sent while the first token is awaited; without it nothing is sent before the first token. */
  readonly keepAlive?: string;
  /** Events before the content: a role, reasoning, tool calls, a refusal. */
  readonly lead: readonly string[];
  /** The event of one token. */
  content(token: string): string;
  /** Events after the content. */
  readonly end: readonly { readonly json: string; readonly part: EventPart }[];
}

const KEEP_ALIVE_MS = 400;

/** The steps of a whole stream, `[DONE]` included. */
export function* streamSteps(draft: Draft, pace: Pace, shape: StreamShape): Generator<Step> {
  let untilFirst = pace.firstTokenMs;
  if (shape.keepAlive !== undefined) {
    yield { do: "head" };
    yield { do: "comment", text: shape.keepAlive };
    for (; untilFirst > KEEP_ALIVE_MS; untilFirst -= KEEP_ALIVE_MS) {
      yield { do: "wait", ms: KEEP_ALIVE_MS };
      yield { do: "comment", text: shape.keepAlive };
    }
  }
  if (untilFirst > 0) yield { do: "wait", ms: untilFirst };
  for (const json of shape.lead) yield { do: "data", json, tokens: 0, part: "role" };
  let first = true;
  for (const token of draft.tokens ?? []) {
    if (!first && pace.perTokenMs > 0) yield { do: "wait", ms: pace.perTokenMs };
    first = false;
    yield { do: "data", json: shape.content(token), tokens: 1, part: "content" };
  }
  for (const { json, part } of shape.end) yield { do: "data", json, tokens: 0, part };
  yield { do: "data", json: "[DONE]", tokens: 0, part: "done" };
}

/** The plan's steps for a reply that comes whole. */
export function unarySteps(draft: Draft, waitMs: number, text: string): Step[] {
  const body: Step = { do: "body", text, tokens: draft.tokens?.length ?? 0 };
  return waitMs > 0 ? [{ do: "wait", ms: waitMs }, body] : [body];
}
