// Loaded into a peer before its own program: whatever it listens to is on loopback alone, and the bench is told where.
import { type AddressInfo, Server } from "node:net";
import type { ChildMessage } from "./protocol.js";

const listen = Server.prototype.listen as (this: Server, options: object, listening: () => void) => Server;

function listenOnLoopback(this: Server, ...args: unknown[]): Server {
  return listen.call(this, { host: "127.0.0.1", port: portOf(args), backlog: 4096 }, () => {
    const { port } = this.address() as AddressInfo;
    process.send?.({ kind: "ready", url: `http://127.0.0.1:${port}` } satisfies ChildMessage);
    for (const arg of args) if (typeof arg === "function") arg.call(this);
  });
}

function portOf([first]: readonly unknown[]): number {
  const options = typeof first === "object" && first !== null && "port" in first ? first.port : first;
  return Number(options ?? 0) || 0;
}

Server.prototype.listen = listenOnLoopback as Server["listen"];
process.on("disconnect", () => process.exit(0));
