import { once } from "node:events";

import { WebSocket } from "undici";
import type { Deployment } from "./deployment.js";

/** What a deployment is started with (`env`), so that `liveBytes` can look into its processes. */
export const inspectable = { NODE_OPTIONS: "--inspect=127.0.0.1:0" } as const;

/**
 * Lets the processes of a deployment collect their garbage, and gives what they then hold in heaps and buffers, in bytes.
 * The deployment was started with `inspectable`.
 */
export async function liveBytes(deployment: Deployment): Promise<number> {
  const urls = new Set(deployment.output().match(/ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/g));
  if (urls.size === 0) throw new Error("The deployment was not started with `inspectable`.");
  const each = await Promise.all([...urls].map(liveBytesOf));
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

async function liveBytesOf(url: string): Promise<number> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  let id = 0;
  const call = async (method: string, params: object = {}): Promise<unknown> => {
    id += 1;
    socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [message] = (await once(socket, "message")) as [{ readonly data: string }];
      const reply = JSON.parse(message.data) as { readonly id?: number; readonly result?: unknown };
      if (reply.id === id) return reply.result;
    }
  };
  try {
    await call("HeapProfiler.collectGarbage");
    const expression = "{ const { heapUsed, external } = process.memoryUsage(); heapUsed + external; }";
    const { result } = (await call("Runtime.evaluate", { expression })) as { result: { value: number } };
    return result.value;
  } finally {
    socket.close();
  }
}
