import type { Http2Server } from "node:http2";
import type { Server } from "node:net";

/** Where to listen. */
export interface Address {
  /** A name or an IP address of this machine. */
  readonly host: string;
  /** A port; 0 for any that is free. */
  readonly port: number;
}

/** Listens, and returns the URL. Rejects when the address is taken or not of this machine. */
export async function listen(server: Server | Http2Server, address: Address): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `http://${host}:${port}`;
}
