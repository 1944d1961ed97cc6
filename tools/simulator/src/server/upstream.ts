import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bearerKey, keyTrace, redactedHeaders } from "../ledger/redact.js";
import type { CallEntry } from "../ledger/entry.js";
import { parsed } from "../minds/given-texts.js";
import type { Dialect } from "../wire/dialect.js";
import { groqChat } from "../wire/groq/dialect.js";
import { openrouterChat, openrouterText } from "../wire/openrouter/dialect.js";
import type { Plan } from "../wire/plan.js";
import { authorise } from "./authorise.js";
import { completionPlan } from "./completion.js";
import type { SimulatorContext } from "./context.js";
import { lookupPlan } from "./lookup.js";
import { Outgoing } from "./outgoing.js";
import { play } from "./play.js";
import { readBody } from "./read-body.js";
import type { Route } from "./route.js";

/** What OpenRouter answers with when a call names no model. */
const DEFAULT_MODEL = "ada-large";

/** Answers one request of a provider's wire. */
export async function answerUpstream(
  context: SimulatorContext,
  route: Route,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const bytes = await readBody(req);
  if (bytes === "gone") return;
  const bodyText = bytes === "too_large" ? "" : bytes.toString("utf8");
  const body = bodyText === "" ? undefined : parsed(bodyText);
  const asked = askedFor(route, body);
  const method = req.method ?? "GET";
  const key = bearerKey(req.headers);
  const record = context.ledger.open({
    provider: route.provider,
    endpoint: route.endpoint,
    method,
    path: route.path,
    model: asked.model,
    stream: asked.stream,
    headers: redactedHeaders(req.headers),
    key: keyTrace(key),
    bodyText,
  });
  const now = Date.now();
  const dialect = dialectOf(route);
  const refused =
    authorise(route, key, context.settings, now) ??
    (dialect !== undefined && bytes === "too_large"
      ? dialect.refuse({ status: 413 }, { model: asked.model, now })
      : undefined);
  const plan =
    refused ??
    (dialect === undefined
      ? lookupPlan(context, route, { method, key, now })
      : completion(context, route, dialect, {
          body,
          ...asked,
          key: keyTrace(key)?.last4 ?? "",
          req,
          record,
          now,
        }));
  const headers =
    route.provider === "groq"
      ? { ...groqHeaders(context, asked.model, bytes.length, now), ...plan.headers }
      : plan.headers;
  await play(plan, new Outgoing(res, record, { status: plan.status, headers }));
}

function completion(
  context: SimulatorContext,
  route: Route,
  dialect: Dialect,
  call: ReturnType<typeof askedFor> & {
    body: unknown;
    key: string;
    req: IncomingMessage;
    record: CallEntry;
    now: number;
  },
): Plan {
  const { body, record, now, model, stream, fallbacks, req } = call;
  if (body === undefined) return dialect.invalid({ path: "", message: "not valid JSON" });
  const endpoint = route.endpoint === "completions" ? "completions" : "chat";
  const fault = context.schedule.next({
    provider: route.provider,
    endpoint,
    model,
    key: call.key,
    contains: (text) => JSON.stringify(body).includes(JSON.stringify(text).slice(1, -1)),
  });
  if (fault !== undefined) record.played(fault.kinds);
  const metadata = /^enabled$/i.test(
    String(req.headers["x-openrouter-metadata"] ?? req.headers["x-openrouter-experimental-metadata"] ?? ""),
  );
  return completionPlan(
    context,
    { dialect, endpoint, body, model, fallbacks, stream, metadata, now },
    fault,
    record,
  );
}

/** What can be said of a call whose body may be wrong. */
function askedFor(
  route: Route,
  body: unknown,
): { model: string; stream: boolean; fallbacks: readonly string[] } {
  if (typeof body !== "object" || body === null) return { model: route.model, stream: false, fallbacks: [] };
  const { model, stream, models } = body as Readonly<Record<string, unknown>>;
  const fallbacks =
    route.provider === "openrouter" && Array.isArray(models)
      ? models.filter((id) => typeof id === "string")
      : [];
  const first =
    typeof model === "string"
      ? model
      : route.provider === "openrouter"
        ? (fallbacks[0] ?? DEFAULT_MODEL)
        : "";
  return { model: first, stream: stream === true, fallbacks };
}

function dialectOf({ provider, endpoint }: Route): Dialect | undefined {
  if (endpoint === "chat") return provider === "groq" ? groqChat : openrouterChat;
  return endpoint === "completions" ? openrouterText : undefined;
}

function groqHeaders(
  { limits }: SimulatorContext,
  model: string,
  bytes: number,
  now: number,
): Record<string, string> {
  return {
    "x-request-id": `req_01${randomUUID().replaceAll("-", "").slice(0, 24)}`,
    "x-groq-region": "simulation",
    ...limits.headers(model, Math.ceil(bytes / 4), now),
  };
}
