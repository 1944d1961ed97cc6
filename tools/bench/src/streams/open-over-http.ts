import { Pool } from "undici";
import type { OpenStream } from "./holder.js";
import { streamsWithinMs } from "./streams-config.js";
import { timesIn } from "./times-in.js";

const token = `"content":"word`;
const done = "data: [DONE]";
/** How long the head of an answer may take, in milliseconds. */
const headWithinMs = 30_000;

const headers = {
  "content-type": "application/json",
  authorization: "Bearer bench",
  "x-synod-deadline-ms": String(streamsWithinMs),
};

/** Makes a client that reads streams of events with the cheapest interface there is. */
export function createOpenOverHttp(): OpenStream {
  const pools = new Map<string, Pool>();
  const poolFor = (origin: string): Pool => {
    const pool = pools.get(origin) ?? new Pool(origin, { headersTimeout: headWithinMs, bodyTimeout: 0 });
    pools.set(origin, pool);
    return pool;
  };

  return ({ url, model }, listener) => {
    const { origin, pathname } = new URL(url);
    const body = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Go on." }] });
    let status = 0;
    let last = "";
    poolFor(origin).dispatch(
      { path: pathname, method: "POST", headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_, statusCode) => (status = statusCode),
        onResponseData: (_, bytes) => {
          last = bytes.toString("latin1"); // cheap, and what is looked for is ASCII
          if (status === 200) listener.events(timesIn(last, token));
        },
        onResponseEnd: () => {
          if (status === 200 && last.trimEnd().endsWith(done)) listener.ended();
          else listener.failed(new Error(`answered ${status} and ended with: ${last.slice(-300)}`));
        },
        onResponseError: (_, error) => listener.failed(error),
      },
    );
  };
}
