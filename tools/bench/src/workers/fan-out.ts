// The floor of a round: it asks all models at once, reads their streams without looking into them, answers when enough
// are in, and leaves the others. Argument: the upstream's origin. Body: { models, needed }.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { type Dispatcher, Pool } from "undici";
import { answerAsks } from "../children/answer-asks.js";

const pool = new Pool(process.argv[2] ?? "", { pipelining: 1 });
const answer = JSON.stringify({ choices: [{ message: { role: "assistant", content: "42" } }] });
const messages = [{ role: "user", content: "What is 6 x 7?" }];

interface Call {
  leave(): void;
}

/** Makes one call with the cheapest interface there is. */
function call(model: string, onAnswered: () => void, onFailed: (error: Error) => void): Call {
  let controller: Dispatcher.DispatchController | undefined;
  let status = 0;
  const body = JSON.stringify({ model, stream: true, messages });
  const headers = { "content-type": "application/json" };
  pool.dispatch(
    { path: "/api/v1/chat/completions", method: "POST", headers, body },
    {
      onRequestStart: (started) => (controller = started),
      onResponseStart: (_, statusCode) => (status = statusCode),
      onResponseData: () => undefined,
      onResponseEnd: () =>
        status === 200 ? onAnswered() : onFailed(new Error(`${model} answered ${status}`)),
      onResponseError: (_, error) => onFailed(error),
    },
  );
  return { leave: () => controller?.abort(new Error("enough are in")) };
}

async function fanOut(models: readonly string[], needed: number): Promise<void> {
  let answered = 0;
  let calls: readonly Call[] = [];
  await new Promise<void>((resolve, reject) => {
    const onAnswered = (): void => void ((answered += 1) === needed && resolve());
    calls = models.map((model) => call(model, onAnswered, reject));
  });
  if (needed < models.length) for (const { leave } of calls) leave();
}

const server = createServer((req, res) => {
  json(req)
    .then((body) => body as { models: readonly string[]; needed: number })
    .then(({ models, needed }) => fanOut(models, needed))
    .then(() => res.writeHead(200, { "content-type": "application/json" }).end(answer))
    .catch((error: unknown) => res.writeHead(502).end(String(error)));
});
await answerAsks({}, server);
