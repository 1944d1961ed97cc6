import type { Http2Server } from "node:http2";
import type { Server } from "node:net";

/** Where to listen. */
export interface Address {
  /** A name or an IP address of this machine. */
  readonly host: string;
  /** A port; 0 for any that is free. */
  readonly port: number;
}

/** Listens, and returns the URL. Rejects with what to do when the address is taken or not of this machine. */
export async function listen(server: Server | Http2Server, address: Address): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(address, error)));
    server.listen(address.port, address.host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `http://${host}:${port}`;
}

const causes: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use. Stop what listens there, or set another port (SYNOD_PORT, SYNOD_GRPC_PORT).",
  EADDRNOTAVAIL: "is not an address of this machine. Set SYNOD_HOST to one that is.",
  EACCES: "may not be used by this user. Set a port above 1023 (SYNOD_PORT, SYNOD_GRPC_PORT).",
};

function cannotListen({ host, port }: Address, error: NodeJS.ErrnoException): Error {
  const why = causes[error.code ?? ""] ?? `cannot be listened on: ${error.message}`;
  return new Error(`${host}:${port} ${why}`, { cause: error });
}
