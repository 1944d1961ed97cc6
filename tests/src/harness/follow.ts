import { request } from "undici";

/** An event of a run over HTTP. */
export interface RunEventJson {
  readonly runId: string;
  readonly seq: number;
  readonly [field: string]: unknown;
}

/** Somebody who follows a run. */
export interface Follower {
  /** Everything that has come so far. */
  text(): string;
  /** The events that have come so far. */
  events(): readonly RunEventJson[];
  /** Resolves when the stream has ended by itself. */
  readonly ended: Promise<void>;
  /** Leaves. */
  leave(): void;
}

/** Begins to follow a run over HTTP. `after`: the last event that is known. */
export async function follow(url: string, runId: string, after?: number): Promise<Follower> {
  const leaving = new AbortController();
  const { statusCode, body } = await request(`${url}/v1/runs/${runId}/events`, {
    signal: leaving.signal,
    headers: after === undefined ? {} : { "last-event-id": String(after) },
  });
  if (statusCode !== 200) throw new Error(`the run cannot be followed: ${statusCode} ${await body.text()}`);
  let text = "";
  const ended = (async () => {
    for await (const chunk of body.setEncoding("utf8")) text += String(chunk);
  })();
  ended.catch(() => undefined); // whoever leaves does not wait for the end
  return {
    text: () => text,
    events: () =>
      [...text.matchAll(/^id: (\d+)\ndata: (.*)\n\n/gm)].map(([, id, json]): RunEventJson => {
        const event: RunEventJson = JSON.parse(json ?? "");
        if (event.seq !== Number(id)) throw new Error(`the event ${event.seq} has the id ${id}`);
        return event;
      }),
    ended,
    leave: () => leaving.abort(),
  };
}
