import type { Dispatcher, Pool } from "undici";
import type { LoadPlan } from "./plan.js";

/** How long one request took, in milliseconds. */
export interface Timing {
  readonly totalMs: number;
  readonly firstTokenMs?: number;
}

const headers = { "content-type": "application/json", authorization: "Bearer bench" };
const firstToken = /"content":"[^"]/;
/** How much of a wrong answer is shown. */
const shown = 300;

/** Makes one request with that body. Throws when the answer is not what the plan expects. */
export async function exchange(pool: Pool, path: string, plan: LoadPlan, json: string): Promise<Timing> {
  const start = performance.now();
  const { statusCode, body } = await pool.request({
    path,
    method: "POST",
    headers: { ...headers, ...plan.headers },
    body: json,
  });
  if (plan.stream && statusCode === 200) return await readStream(body, start);
  const answer = await body.text();
  const totalMs = performance.now() - start;
  if (statusCode !== 200 || !answer.includes(plan.expect)) {
    throw new Error(`answered ${statusCode}: ${answer.slice(0, shown)}`);
  }
  return { totalMs };
}

async function readStream(body: Dispatcher.ResponseData["body"], start: number): Promise<Timing> {
  return await new Promise((resolve, reject) => {
    let begin = "";
    let end = "";
    let firstTokenMs: number | undefined;
    body.on("data", (bytes: Buffer) => {
      const text = bytes.toString("latin1"); // cheap, and what is looked for is ASCII
      if (firstTokenMs === undefined) {
        begin += text;
        if (firstToken.test(begin)) firstTokenMs = performance.now() - start;
      }
      end = text.length < 32 ? end + text : text;
    });
    body.on("end", () => {
      const totalMs = performance.now() - start;
      if (firstTokenMs === undefined) reject(new Error(`streamed no token: ${begin.slice(0, shown)}`));
      else if (!end.trimEnd().endsWith("data: [DONE]"))
        reject(new Error(`cut its stream: ${end.slice(-shown)}`));
      else resolve({ totalMs, firstTokenMs });
    });
    body.on("error", reject);
  });
}
