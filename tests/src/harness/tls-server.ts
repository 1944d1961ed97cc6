import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, type Server } from "node:net";
import { fileURLToPath } from "node:url";

/**
 * The certificates of tests. `trusted`, `expired` and `wrong-name` are signed by the tests' own authority, so that with
 * `NODE_EXTRA_CA_CERTS` each is refused for its own reason, or not at all. All were made with `openssl ca`, valid until
 * 2120 but for the expired one; the authority's key was thrown away.
 */
export type TestCertificate = "trusted" | "expired" | "wrong-name" | "self-signed";

/** A server that counts what reaches it. */
export interface CountingServer extends AsyncDisposable {
  /** Example: `https://localhost:40123`. */
  readonly url: string;
  /** Connections so far, those included that came to nothing. */
  connections(): number;
  /** Requests so far. */
  requests(): number;
}

const file = (name: string): string =>
  fileURLToPath(new URL(`../upstream-faults/certificates/test-only-${name}.pem`, import.meta.url));

/** The file that makes a process trust the tests' authority: `NODE_EXTRA_CA_CERTS`. */
export const authorityFile = file("authority");

/** Starts an HTTPS server at `localhost` that answers every request in the same way. */
export function startTlsServer(certificate: TestCertificate, body: string): Promise<CountingServer> {
  const options = { key: readFileSync(file("server.key")), cert: readFileSync(file(certificate)) };
  return counting("https", (listener) => createTlsServer(options, listener), body);
}

/** Starts an HTTP server at `localhost` that answers every request in the same way. */
export function startHttpServer(body = "{}"): Promise<CountingServer> {
  return counting("http", (listener) => createServer(listener), body);
}

async function counting(
  scheme: string,
  create: (listener: RequestListener) => Server & { closeAllConnections(): void },
  body: string,
): Promise<CountingServer> {
  let [connections, requests] = [0, 0];
  const server = create((_, response) => {
    requests += 1;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(body);
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `${scheme}://localhost:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    requests: () => requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
