import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server with OpenAI's API whose one answer is so long that its reader holds it up. */
export interface FloodServer extends AsyncDisposable {
  /** The base URL. */
  readonly url: string;
  /** How many calls it got. */
  readonly calls: number;
  /** How many pieces of its last answer were taken from it. */
  readonly taken: number;
  /** Whether its last caller has left. */
  readonly left: boolean;
}

/** How many pieces its answer has, of 100 kB each. */
export const floodPieces = 200;

/** Starts it. */
export async function startFloodServer(): Promise<FloodServer> {
  let [calls, taken, left] = [0, 0, false];
  const text = "x".repeat(100_000);
  const chunk = (choice: object): string =>
    `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, ...choice }] })}\n\n`;
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== "POST") return void response.writeHead(404).end();
    [calls, taken, left] = [calls + 1, 0, false];
    response.once("close", () => (left = !response.writableFinished));
    response.writeHead(200, { "content-type": "text/event-stream" });
    const write = (): void => {
      while (taken < floodPieces && !response.destroyed) {
        taken += 1;
        if (!response.write(chunk({ delta: { content: text } }))) return void response.once("drain", write);
      }
      response.end(`${chunk({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`);
    };
    write();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get calls() {
      return calls;
    },
    get taken() {
      return taken;
    },
    get left() {
      return left;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
