import { createServer } from "node:net";
import { once } from "node:events";

/** Takes a free loopback port and gives it back at once. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No free loopback port was found.");
  return address.port;
}
