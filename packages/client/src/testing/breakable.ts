import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that a test breaks. */
export interface Breakable extends AsyncDisposable {
  readonly url: string;
  /** How many connections were made. */
  readonly connections: number;
  /** Resets every connection. New ones are taken all the same. */
  breakAll(): void;
}

/** Puts a breakable way before the server at `url`. */
export async function breakable(url: string): Promise<Breakable> {
  const { port, hostname } = new URL(url);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((down) => {
    connections += 1;
    const up = connect(Number(port), hostname);
    for (const [socket, other] of [
      [down, up],
      [up, down],
    ] as const) {
      sockets.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      // The other side learns of it by the close.
      socket.on("error", () => socket.destroy());
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const breakAll = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    breakAll,
    async [Symbol.asyncDispose]() {
      breakAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
