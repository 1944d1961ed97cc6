// The floor of the pass-through: it forwards what comes, and knows nothing. Argument: the upstream's origin.
import { createServer, type IncomingHttpHeaders } from "node:http";
import { Pool } from "undici";
import { answerAsks } from "../children/answer-asks.js";

const pool = new Pool(process.argv[2] ?? "", { pipelining: 1 });

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _c, host: _h, "keep-alive": _k, "transfer-encoding": _t, ...rest } = headers;
  return rest;
}

// Collecting the body and `stream` cost half of what piping the request and `request` do.
const server = createServer((req, res) => {
  const parts: Buffer[] = [];
  req.on("data", (part: Buffer) => parts.push(part));
  req.on("end", () => {
    const body = Buffer.concat(parts);
    pool
      .stream({ path: req.url ?? "/", method: "POST", headers: endToEnd(req.headers), body }, (upstream) =>
        res.writeHead(upstream.statusCode, endToEnd(upstream.headers as IncomingHttpHeaders)),
      )
      .catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
  });
});
await answerAsks({}, server);
