import type { IncomingMessage } from "node:http";
import { toEventJson } from "@synod/run-store";
import { invalid } from "../failure.js";
import { keepAliveMsOf, type Route } from "./deps.js";
import { errorJson } from "./errors.js";
import { errorOf } from "./exchange.js";
import { createSseWriter, startKeepAlive } from "./sse.js";

const lastEventId = "last-event-id";

/** `GET /v1/runs/{id}/events`: the events of a run, those that are there and then those that come. */
export const followRun =
  (runId: string): Route =>
  async (exchange, { history, config, events }) => {
    const after = readLastEventId(exchange.req);
    const { status, events: known } = await history.about(runId, exchange.caller);
    if (status !== "running" && known <= after) {
      // A browser asks again whenever a stream ends, unless it is told that there is no more.
      exchange.res.writeHead(204).end();
      return;
    }
    const writer = createSseWriter(exchange.res);
    const comment = (text: string): void => void writer.write(`: synod ${text}\n\n`);
    const keepAlive = startKeepAlive(keepAliveMsOf({ config }), () => comment("waiting"));
    if (known <= after) comment("waiting");
    try {
      let isOver = false;
      for await (const logged of history.tail(runId, { after, signal: exchange.signal })) {
        keepAlive.touch();
        await writer.write(`id: ${logged.seq}\ndata: ${toEventJson(runId, logged)}\n\n`);
        isOver = logged.event.type === "run_finished";
      }
      writer.end(isOver ? "" : ": synod the run broke off: nobody carries it out any more\n\n");
    } catch (error) {
      if (!writer.started || exchange.isLeft()) throw error;
      const told = errorOf(error, exchange);
      if (told.status === 500) events.defect(error, exchange.requestId);
      writer.end(`event: error\ndata: ${JSON.stringify({ error: errorJson(told) })}\n\n`);
    } finally {
      keepAlive.stop();
    }
  };

function readLastEventId({ headers }: IncomingMessage): number {
  const text = headers[lastEventId];
  if (text === undefined) return 0;
  if (typeof text === "string" && /^\d{1,10}$/.test(text)) return Number(text);
  throw invalid(lastEventId, `${lastEventId} must be the number of an event of this run.`);
}
