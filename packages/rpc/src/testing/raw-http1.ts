import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";

/** What a raw HTTP/1.1 request got. */
interface RawHttp1Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A client of one kept-alive HTTP/1.1 connection. */
export function keptAlive(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    post(
      path: string,
      headers: Record<string, string>,
      body: string | Uint8Array,
    ): Promise<RawHttp1Response> {
      return new Promise((resolve, reject) => {
        const req = request(`${url}${path}`, { method: "POST", agent, headers }, (res) => {
          let text = "";
          res.setEncoding("utf8");
          res.on("data", (chunk: string) => (text += chunk));
          res.on("error", reject);
          res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
        });
        req.on("error", reject);
        req.end(body);
      });
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** Sends bytes as they are, and returns everything that comes back until the connection closes. */
export function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}
