import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { rulesSchema } from "../faults/schedule.js";
import { parsed } from "../minds/given-texts.js";
import type { SimulatorContext } from "../server/context.js";
import { readBody } from "../server/read-body.js";
import type { createControl } from "./control.js";

const filterSchema = z.strictObject({
  provider: z.enum(["openrouter", "groq"]).exactOptional(),
  endpoint: z
    .enum(["chat", "completions", "models", "model", "endpoints", "key", "credits", "generation", "unknown"])
    .exactOptional(),
  model: z.string().exactOptional(),
  state: z.enum(["received", "streaming", "finished", "aborted", "failed"]).exactOptional(),
  after: z.coerce.number().int().min(0).exactOptional(),
});

const faultsSchema = z.strictObject({ rules: rulesSchema });

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** Whether the request comes from this machine, and not from a web page that guessed the port. */
function mayControl(req: IncomingMessage): boolean {
  const from = req.socket.remoteAddress ?? "";
  const local = from === "::1" || from.startsWith("127.") || from.startsWith("::ffff:127.");
  return local && req.headers.origin === undefined && LOOPBACK_HOST.test(req.headers.host ?? "");
}

/**
 * Answers `GET /control/ledger` (filters as query), `GET /control/stats`, `POST /control/faults` with
 * `{"rules": […]}`, and `POST /control/reset`. Mistakes in a body or a query: 400 with all of them.
 */
export async function answerControl(
  { control, schedule, settings }: SimulatorContext & { readonly control: ReturnType<typeof createControl> },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (!mayControl(req)) return send(res, 403, { error: { message: "control is for this machine alone" } });
  if (!settings.httpControl) return notFound(res);
  const url = new URL(req.url ?? "/", "http://simulator");
  switch (`${req.method} ${url.pathname}`) {
    case "GET /control/ledger": {
      const filter = filterSchema.safeParse(Object.fromEntries(url.searchParams));
      if (!filter.success) return refuse(res, filter.error);
      return send(res, 200, { calls: control.ledger(filter.data) });
    }
    case "GET /control/stats":
      return send(res, 200, control.stats());
    case "POST /control/faults": {
      const bytes = await readBody(req);
      const body = faultsSchema.safeParse(
        typeof bytes === "string" ? undefined : parsed(bytes.toString("utf8")),
      );
      if (!body.success) return refuse(res, body.error);
      schedule.set(body.data.rules);
      return send(res, 200, { rules: body.data.rules.length });
    }
    case "POST /control/reset":
      control.reset();
      return send(res, 200, {});
    default:
      return notFound(res);
  }
}

function notFound(res: ServerResponse): void {
  send(res, 404, { error: { message: "no such route" } });
}

function refuse(res: ServerResponse, error: z.ZodError): void {
  const problems = error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  send(res, 400, { error: { message: "invalid", problems } });
}

function send(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  res.end(text);
}
