import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type Behaviour, behaviourOf } from "./behaviour.js";
import { type Answer, answerOf } from "./frames.js";
import { createHeldStreams, groupOf, type HeldStreams } from "./held.js";

/** What was asked of the upstream so far. */
export interface Counts {
  /** Completions whose request arrived. */
  readonly received: number;
  /** Completions answered to the end. */
  readonly finished: number;
  /** Completions whose caller left before the end. */
  readonly aborted: number;
}

/** How the call of a voter ended, by the upstream's clock. */
export interface VoterEnd {
  readonly model: string;
  readonly run: number;
  readonly endedMs: number;
  /** Whether the caller left before the end. */
  readonly aborted: boolean;
}

/** An upstream that does nothing but answer as its models' names say. */
export interface Upstream {
  readonly server: Server;
  readonly held: HeldStreams;
  counts(): Counts;
  /** The ends of voters' calls since it was asked last. */
  voterEnds(): readonly VoterEnd[];
}

/** Makes the upstream. It does not listen yet. */
export function createUpstream(): Upstream {
  const counts = { received: 0, finished: 0, aborted: 0 };
  const answers = new Map<string, Answer>();
  const held = createHeldStreams();
  const ends: VoterEnd[] = [];

  const complete = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { model, stream } = JSON.parse(await text(req)) as { model: string; stream?: boolean };
    counts.received += 1;
    res.once("close", () => (res.writableFinished ? (counts.finished += 1) : (counts.aborted += 1)));
    const group = groupOf(model);
    if (group !== undefined) return held.hold(group, model, res);
    const behaviour = behaviourOf(model);
    if (behaviour === undefined) return sendJson(res, 400, notValid(model));
    const { vote } = behaviour;
    if (vote !== undefined) {
      res.once("close", () => {
        ends.push({ model, run: vote.run, endedMs: performance.now(), aborted: !res.writableFinished });
      });
    }
    const answer = answers.get(model) ?? answerOf(model, behaviour);
    answers.set(model, answer);
    if (stream === true) play(res, answer.bursts, behaviour);
    else if (behaviour.waitMs === 0) sendJson(res, 200, answer.json);
    else later(res, behaviour.waitMs, () => sendJson(res, 200, answer.json));
  };

  const server = createServer((req, res) => {
    if (req.method === "POST" && req.url?.endsWith("/chat/completions") === true) {
      complete(req, res).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
    } else if (req.url?.includes("/models") === true) sendJson(res, 200, `{"data":[]}`);
    else sendJson(res, 404, `{"error":{"code":404,"message":"Resource not found"}}`);
  });
  return { server, held, counts: () => ({ ...counts }), voterEnds: () => ends.splice(0) };
}

function play(res: ServerResponse, bursts: readonly string[], behaviour: Behaviour): void {
  const start = performance.now() + behaviour.waitMs;
  const from = (index: number): void => {
    if (index === 0)
      res.writeHead(200, { "content-type": "text/event-stream", "x-generation-id": "gen-bench" });
    if (index === bursts.length - 1) {
      res.end(bursts[index]);
      return;
    }
    res.write(bursts[index]);
    later(res, start + (index + 1) * behaviour.gapMs - performance.now(), () => from(index + 1));
  };
  if (behaviour.waitMs === 0) from(0);
  else later(res, behaviour.waitMs, () => from(0));
}

function later(res: ServerResponse, delayMs: number, then: () => void): void {
  setTimeout(() => !res.destroyed && then(), Math.max(0, delayMs));
}

function sendJson(res: ServerResponse, status: number, body: string): void {
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  res.end(body);
}

function notValid(model: string): string {
  return JSON.stringify({ error: { code: 400, message: `${model} is not a valid model ID` } });
}
