import type { BadRequest } from "./bad-request.js";
import { anything, type Json, mutated, textOf } from "./mutate.js";
import type { Random } from "./random.js";

const json = { "content-type": "application/json" };

/** Requests that are right, or nearly so: every field that Synod reads stands in one of them. */
const bodies: readonly { readonly path: string; readonly body: Json }[] = [
  {
    path: "/v1/chat/completions",
    body: {
      model: "synod/default",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "What is 17 * 23?" }], name: "ann" },
        { role: "assistant", content: "391", refusal: null, reasoning: "17 * 23" },
        { role: "user", content: "Sure?" },
      ],
      temperature: 0.5,
      max_tokens: 20,
      top_p: 1,
      seed: 7,
      stop: ["\n"],
      n: 1,
      user: "ann",
      metadata: { a: "b" },
      stream: false,
      stream_options: { include_usage: true },
      response_format: { type: "text" },
      consensus: {
        members: [{ model: "openrouter/acme/one", weight: 2, samples: 2 }, { model: "other/acme-two" }],
        quorum: 2,
        deadline_ms: 60_000,
        rounds: { max: 2, stop_when: "stable" },
        aggregation: { strategy: "weighted", when: "always" },
        judge: { mode: "annotate", models: ["other/judge"], votes_needed: 1 },
        budget: { max_cost_usd: 1, max_output_tokens: 10_000 },
      },
    },
  },
  {
    path: "/v1/chat/completions",
    body: {
      model: "openrouter/acme/one",
      messages: [
        { role: "user", content: "What is 17 * 23?" },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "times", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "391" },
      ],
      tools: [{ type: "function", function: { name: "times", parameters: { type: "object" } } }],
      tool_choice: "auto",
      parallel_tool_calls: false,
      response_format: {
        type: "json_schema",
        json_schema: { name: "a", schema: { type: "object" }, strict: true },
      },
      max_completion_tokens: 20,
      frequency_penalty: 0,
      top_k: 3,
      stream: true,
    },
  },
  {
    path: "/v1/completions",
    body: {
      model: "openrouter/acme/one",
      prompt: "17 * 23 =",
      max_tokens: 5,
      best_of: 1,
      echo: false,
      suffix: ".",
    },
  },
  { path: "/api/routes/chat", body: { system_message: "Be brief.", user_message: "What is 17 * 23?" } },
];

const paths = [
  ...["/", "/openapi.json", "/healthz", "/readyz", "/metrics", "/v1/models", "/v1/credits", "/v1/runs"],
  ...["/v1/models/synod/default", "/v1/models/openrouter/a/b", "/v1/models/openrouter%2Fa%2Fb/endpoints"],
  ...[
    "/v1/models/../../x/endpoints",
    "/v1/models/%2e%2e%2f%2e%2e/endpoints",
    "/v1/models/%00",
    "/v1/models/%zz",
  ],
  ...["/v1/runs/x", "/v1/runs/%00", "/v1/runs/x/events", "/v1/runs/x/cancel", "/v1/runs/%F0%9F%92%A5"],
  ...["/v1/runs?limit=0", "/v1/runs?limit=1e9", "/v1/runs?cursor=%00", "/v1/runs?since=-1", "/v1/runs?x=1"],
  ...["/v1/runs?status=running&status=failed", "/v1/runs?before=9999999999999", "/v1/runs?preset=%00"],
  ...[
    "/openai/v1/models",
    "/openai/v1/../v1/runs",
    "//v1/models",
    "/v1//models",
    "/V1/MODELS",
    "/v1/models?",
  ],
  ...["/api/routes/chat/", "/v1/chat/completions/", "/constructor", "/__proto__", "/v1/models/constructor"],
  `/${"x".repeat(8_000)}`,
  `/v1/models/${"a/".repeat(2_000)}`,
];

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"];

/** Headers that say something odd. All of them can be sent. */
const headers: readonly Readonly<Record<string, string>>[] = [
  { "content-type": "text/plain" },
  { "content-type": "application/json; charset=utf-16" },
  { "content-type": "multipart/form-data; boundary=x" },
  { "content-encoding": "gzip" },
  { "content-encoding": "br, gzip" },
  { "x-request-id": "a b" },
  { "x-request-id": "x".repeat(300) },
  { "x-synod-deadline-ms": "1" },
  { "x-synod-deadline-ms": "-1" },
  { "x-synod-deadline-ms": "1e9" },
  { "x-synod-deadline-ms": "NaN" },
  { "idempotency-key": "x".repeat(300) },
  { "idempotency-key": "é" },
  { authorization: "Bearer ".repeat(200) },
  { authorization: "Basic \u00ff" },
  { traceparent: "00-zz" },
  { "x-title": "\u0080\u00ff" },
  { "last-event-id": "-1" },
  { "last-event-id": "99999999999999999999" },
  { origin: "null" },
  { origin: "https://evil.example", "access-control-request-method": "POST" },
  { "x-synod-caller": "somebody", "x-synod-inner-token": "guessed" },
  { accept: "text/event-stream", "accept-encoding": "gzip, br, pigeon" },
  { expect: "a-pony" },
  { "x-forwarded-for": "127.0.0.1", "x-forwarded-host": "evil.example" },
];

const post = (kind: string, path: string, body: string | Buffer, more = {}): BadRequest => ({
  kind,
  wire: "http",
  method: "POST",
  path,
  headers: { ...json, ...more },
  body: Buffer.from(body as string),
});

/** A bad request over HTTP/1.1 that the seed decides. */
export function badHttp(random: Random): BadRequest {
  const { path, body } = random.pick(bodies);
  const text = textOf(body);
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return post("one field", path, textOf(mutated(body, random)));
    case 3:
      return post("any JSON", path, textOf(anything(random)));
    case 4:
      return post("noise", path, noisy(Buffer.from(text), random));
    case 5:
      return post("cut", path, text.slice(0, random.below(text.length)));
    case 6:
      return post("headers", path, text, random.pick(headers));
    default: {
      const method = random.pick(methods);
      const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
      return {
        kind: "path",
        wire: "http",
        method,
        path: random.pick(paths),
        headers: { ...random.pick([{}, json, random.pick(headers)]) },
        body: hasBody ? random.bytes(random.below(200)) : Buffer.alloc(0),
      };
    }
  }
}

/** A few bytes changed, put in or left out. */
export function noisy(bytes: Buffer, random: Random): Buffer {
  let noise = bytes;
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const at = random.below(noise.length + 1);
    const [before, after] = [noise.subarray(0, at), noise.subarray(at)];
    noise = random.pick([
      Buffer.concat([before, random.bytes(1), after.subarray(1)]),
      Buffer.concat([before, random.bytes(1 + random.below(8)), after]),
      Buffer.concat([before, after.subarray(1 + random.below(8))]),
    ]);
  }
  return noise;
}

const head = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";

/** Bytes on a connection, of which the beginning may be right. */
export function badBytes(random: Random): BadRequest {
  const { body } = random.pick(bodies);
  const text = textOf(body);
  const whole = Buffer.from(
    `${head}Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
  const bytes = random.pick([
    random.bytes(random.below(300)),
    noisy(whole.subarray(0, head.length + 60), random),
  ]);
  // The end of a head, so that nobody waits for it.
  const ended = Buffer.concat([bytes, Buffer.from("\r\n\r\n")]);
  return { kind: "bytes", wire: "bytes", method: "", path: "", headers: {}, body: ended };
}
