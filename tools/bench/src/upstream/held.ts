import type { ServerResponse } from "node:http";
import { answerOf } from "./frames.js";

/** How the streams of some groups are written to. */
export interface PlayPlan {
  readonly groups: readonly string[];
  /** Events per second on each group, one stream after the other. */
  readonly perSecond: number;
}

/** Streams that stay open after their first token until they are told to end, in groups. */
export interface HeldStreams {
  /** Begins a stream with its first token and holds it. */
  hold(group: string, model: string, res: ServerResponse): void;
  /** Writes one event after the other until `rest`. Replaces what was played before. */
  play(plan: PlayPlan): void;
  /** Writes nothing more. The events written so far, the first tokens included, by group. */
  rest(): Readonly<Record<string, number>>;
  /** Ends the streams of a group as an answer ends. */
  release(group: string): void;
}

interface Group {
  readonly streams: ServerResponse[];
  readonly event: string;
  readonly end: string;
  next: number;
  written: number;
}

const pattern = /^bench\/held-([a-z0-9-]+)$/;
const tickMs = 2;
/** What could not be written in time is left out beyond this: a slow machine gets fewer events, not a burst of them. */
const catchUpMs = 50;

/** The wire id of the model whose streams are held in this group: letters, digits and hyphens. */
export function heldModelOf(group: string): string {
  return `bench/held-${group}`;
}

/** The group that a wire id names. Undefined for an id that is none of ours. */
export function groupOf(model: string): string | undefined {
  return pattern.exec(model)?.[1];
}

/** Makes an empty holder. */
export function createHeldStreams(): HeldStreams {
  const groups = new Map<string, Group>();
  let timer: NodeJS.Timeout | undefined;

  return {
    hold(name, model, res) {
      const group = groups.get(name) ?? newGroup(model);
      groups.set(name, group);
      group.streams.push(res);
      group.written += 1;
      res.writeHead(200, { "content-type": "text/event-stream", "x-generation-id": "gen-bench" });
      res.write(group.event);
    },
    play({ groups: names, perSecond }) {
      clearInterval(timer);
      const playing = names.flatMap((name) => groups.get(name) ?? []);
      let dueMs = performance.now();
      timer = setInterval(() => {
        dueMs = Math.max(dueMs, performance.now() - catchUpMs);
        for (; dueMs < performance.now(); dueMs += 1_000 / perSecond) playing.forEach(writeNext);
      }, tickMs);
    },
    rest() {
      clearInterval(timer);
      return Object.fromEntries([...groups].map(([name, { written }]) => [name, written]));
    },
    release(name) {
      const group = groups.get(name);
      groups.delete(name);
      for (const res of group?.streams ?? []) res.end(group?.end);
    },
  };
}

function writeNext(group: Group): void {
  const res = group.streams[group.next % group.streams.length];
  group.next += 1;
  if (res === undefined || res.destroyed) return;
  res.write(group.event);
  group.written += 1;
}

function newGroup(model: string): Group {
  const [event = "", end = ""] = answerOf(model, { waitMs: 0, tokens: 2, burst: 1, gapMs: 0 }).bursts;
  return { streams: [], event, end, next: 0, written: 0 };
}
