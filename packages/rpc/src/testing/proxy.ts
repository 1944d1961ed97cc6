import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A TCP proxy before a server, to break its connections as a dying machine does. */
interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections it has taken. */
  readonly connections: number;
  /** Resets all connections and listens no more. */
  kill(): void;
  /** Lets connections live, but nothing through. */
  freeze(): void;
  /** Listens again on the same port. */
  revive(): Promise<void>;
}

/** Starts a proxy before `url`. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let frozen = false;
  let connections = 0;

  function serve(): Server {
    return createServer((down) => {
      connections += 1;
      const up = connect(Number(target.port), target.hostname);
      for (const socket of [down, up]) {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        // The other side learns of it by the close.
        socket.on("error", () => socket.destroy());
      }
      down.on("data", (data) => frozen || up.write(data));
      up.on("data", (data) => frozen || down.write(data));
      down.on("close", () => up.destroy());
      up.on("close", () => down.destroy());
    });
  }
  const listen = (server: Server, port: number) =>
    new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

  let server = serve();
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;

  function kill(): void {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
  }
  return {
    port,
    get connections() {
      return connections;
    },
    kill,
    freeze() {
      frozen = true;
    },
    async revive() {
      frozen = false;
      server = serve();
      await listen(server, port);
    },
    async [Symbol.asyncDispose]() {
      kill();
    },
  };
}
