import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Finds free loopback ports, each another one. They are free when this returns; nothing keeps them so. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen("127.0.0.1", 0)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** Whether a port of an address can be listened on now. 0 always can. */
export async function isFree(host: string, port: number): Promise<boolean> {
  try {
    const server = await listen(host, port);
    await once(server.close(), "close");
    return true;
  } catch {
    return false; // in use, or not ours to use
  }
}

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer().listen(port, host);
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No free loopback port was found.");
  return address.port;
}
