import { type CollectedSpan, type Collector, startCollector } from "@synod/testing";
import { describe, expect, it } from "vitest";

import { type CompletionJson, post, question, textOf } from "./harness/api.js";
import { deployments, startDeployment } from "./harness/deployment.js";
import { fails, members, panel, says, startUpstream, synthesis, verdict } from "./harness/upstream.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const callersSpan = "b7ad6b7169203331";
const callerKey = "canary-of-a-caller";
const config = panel({
  aggregation: synthesis,
  judge: { mode: "gate", models: [`openrouter/${members.judge}`] },
});

const path = "/v1/chat/completions";
const round = "synod.round.v1.RoundService/RunRound";
const aggregate = "synod.aggregation.v1.AggregationService/Aggregate";
const validate = "synod.judge.v1.JudgeService/Validate";
const provider = "synod.provider.v1.ProviderService/";

/** Who sends the spans of each part. */
const senders = {
  "one process": {
    chat: "synod-all-in-one",
    round: "synod-all-in-one",
    aggregation: "synod-all-in-one",
    judge: "synod-all-in-one",
    provider: "synod-all-in-one",
  },
  "five processes": {
    chat: "synod-chat",
    round: "synod-round",
    aggregation: "synod-aggregation",
    judge: "synod-judge",
    provider: "synod-provider",
  },
} as const;

/** The spans of the caller's trace, and who is above whom. */
function traceOf(collector: Collector) {
  const spans = collector.spans().filter((span) => span.traceId === traceId);
  const parentOf = (span: CollectedSpan | undefined) =>
    spans.find(({ spanId }) => spanId === span?.parentSpanId);
  const only = (name: string): CollectedSpan | undefined => {
    const found = spans.filter((span) => span.name === name);
    expect([name, found.length]).toEqual([name, 1]);
    return found[0];
  };
  /** The names from a span's parent up to the root. */
  const above = (span: CollectedSpan | undefined): string[] => {
    const parent = parentOf(span);
    return parent === undefined ? [] : [parent.name, ...above(parent)];
  };
  return { spans, only, above };
}

describe.each(deployments)("traces, $name", (kind) => {
  it("one request is one trace through every service, and holds no secret", async () => {
    await using collector = await startCollector();
    await using upstream = await startUpstream();
    await using synod = await startDeployment(kind, {
      env: {
        ...upstream.env,
        SYNOD_API_KEYS: callerKey,
        SYNOD_INNER_TOKEN: "canary-between-services",
        OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
        OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=canary-of-the-collector",
      },
      config,
    });
    upstream.script([
      says(members.gemini, "canary answer: 7"),
      fails(members.llama, { kind: "status", status: 500 }, [1]),
      says(members.llama, "canary answer: 7", [2]),
      says(members.mistral, "canary answer: 8"),
      says(members.aggregator, "canary: it is 7."),
      says(members.judge, verdict("right")),
    ]);
    const answer = await post(`${synod.url}${path}`, question("canary: which number?"), {
      headers: {
        authorization: `Bearer ${callerKey}`,
        traceparent: `00-${traceId}-${callersSpan}-01`,
        "x-request-id": "canary-of-the-request",
      },
    });
    expect(textOf(answer.json<CompletionJson>())).toBe("canary: it is 7.");
    const paid = 3 + 1 + 1 + 1; // members, one of them twice, the aggregator, the judge
    expect(upstream.calls()).toHaveLength(paid);
    // What is left is delivered when it stops.
    expect(await synod.stop()).toBe(0);

    const { spans, only, above } = traceOf(collector);
    const sender = senders[kind.name];
    const request = only(`POST ${path}`);
    expect(request).toMatchObject({ service: sender.chat, kind: "server", parentSpanId: callersSpan });
    expect(request?.attributes).toMatchObject({ "http.response.status_code": 200 });
    const run = only("run");
    expect(above(run)).toEqual([request?.name]);
    expect(run?.attributes).toMatchObject({ "synod.preset": "default", "synod.calls": paid });
    const toRun = ["run", `POST ${path}`];
    for (const [name, service] of [
      [round, sender.round],
      [aggregate, sender.aggregation],
      [validate, sender.judge],
    ] as const) {
      const call = only(name);
      expect(call).toMatchObject({ service, kind: "server", failed: false });
      expect(above(call)).toEqual(toRun);
    }

    const calls = spans.filter(({ kind: side }) => side === "client");
    expect(calls).toHaveLength(paid);
    for (const call of calls) {
      expect(call.service).toBe(sender.provider);
      const [asked, forWhom, ...rest] = above(call);
      expect(asked?.startsWith(provider)).toBe(true);
      const model = call.attributes["gen_ai.request.model"];
      const expected = model === members.aggregator ? aggregate : model === members.judge ? validate : round;
      expect([model, forWhom, ...rest]).toEqual([model, expected, ...toRun]);
    }
    const repeated = calls.filter(({ name }) => name === `chat ${members.llama}`);
    const attempts = repeated.map(({ failed, attributes, parentSpanId }) => ({
      failed,
      parentSpanId,
      attempt: attributes["synod.attempt"],
      provider: attributes["gen_ai.provider.name"],
      error: attributes["error.type"],
    }));
    const common = { provider: "groq", parentSpanId: repeated[0]?.parentSpanId };
    expect(attempts).toEqual([
      { ...common, attempt: 1, failed: true, error: "upstream_error" },
      { ...common, attempt: 2, failed: false, error: undefined },
    ]);

    const sent = collector.requests.map(({ text }) => text).join("\n");
    expect(sent).not.toContain("canary");
    for (const { path: asked, headers } of collector.requests) {
      expect([asked, headers["x-collector-key"]]).toEqual(["/v1/traces", "canary-of-the-collector"]);
    }
    for (const secret of [callerKey, "canary-between", "canary-of-the-collector"]) {
      expect(synod.output()).not.toContain(secret);
    }
  }, 60_000);
});
