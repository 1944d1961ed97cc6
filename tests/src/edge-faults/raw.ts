import { connect, type Socket } from "node:net";

/** What a connection was sent until it closed. */
export interface RawAnswer {
  /** The status of each answer, in order. */
  readonly statuses: readonly number[];
  /** Everything, as Latin-1. */
  readonly text: string;
  readonly ms: number;
}

/** Sends bytes as they are and reads until the other side closes. Rejects after `withinMs` milliseconds. */
export function sendRaw(url: string, bytes: string | Buffer, withinMs = 10_000): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const timer = setTimeout(() => {
      reject(new Error(`The connection is still open. It was sent: ${text.slice(0, 500)}`));
      socket.destroy();
    }, withinMs);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (text += chunk));
    // A reset is an end as well: what was read until then counts.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
      resolve({ statuses, text, ms: performance.now() - started });
    });
  });
}

/** Opens so many connections that say nothing. Fewer, when no more are taken. */
export async function openIdle(
  url: string,
  count: number,
): Promise<{ readonly open: () => number } & Disposable> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const opened = Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    return new Promise<void>((resolve) => {
      socket.once("connect", resolve);
      socket.on("error", () => resolve());
    });
  });
  await Promise.all(opened);
  return {
    open: () => sockets.size,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
