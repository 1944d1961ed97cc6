import type { Prompt } from "@synod/consensus";
import { FinishReason } from "@synod/contracts/model";
import { ProviderService } from "@synod/contracts/provider";
import { createLocalTransport, createServiceClient, SynodError } from "@synod/rpc";
import { type Script, scriptedProviders } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { askShaped } from "./ask-shaped.js";

const shaped: Prompt = {
  to: "aggregator",
  version: "best_of/1",
  messages: [{ role: "user", parts: [{ type: "text", text: "Which is better?" }] }],
  sampling: {
    temperature: 0,
    responseFormat: { type: "json_schema", name: "comparison", schemaJson: "{}", strict: true },
  },
};
const rejected = new SynodError({
  reason: "upstream_rejected",
  message: "response_format is not supported",
  retryable: false,
});

/** Asks a scripted model. */
async function askedOf(script: Script, prompt = shaped) {
  const upstream = scriptedProviders(script);
  const transport = createLocalTransport(upstream.routes, { strict: true });
  const providers = createServiceClient(ProviderService, transport);
  const signal = new AbortController().signal;
  const asked = await askShaped({
    providers,
    to: { model: "agg", fallbacks: [] },
    prompt,
    call: { requestId: "r", signal, remainingMs: () => 60_000, outgoing: () => ({ signal }) },
  });
  return { asked, questions: upstream.asked.map(({ question }) => question) };
}

describe("a provider that takes no shape of reply", () => {
  test("is asked again without one; both count as one question", async () => {
    const { asked, questions } = await askedOf((_, before) =>
      before === 0 ? { then: { error: rejected } } : { text: '{"better": "tie"}' },
    );
    expect(asked.reply).toEqual({ status: "answered", text: '{"better": "tie"}' });
    expect(asked.failure).toBeNull();
    expect(asked.called).toMatchObject({ attempts: 2, promptVersion: "best_of/1" });
    expect(asked.called.usage?.outputTokens).toBe(5n);
    expect(questions.map(({ sampling }) => sampling?.responseFormat !== undefined)).toEqual([true, false]);
    expect(questions.map(({ sampling }) => sampling?.temperature)).toEqual([0, 0]);
  });

  test("and refuses that too: one failure", async () => {
    const { asked, questions } = await askedOf(() => ({ then: { error: rejected } }));
    expect(asked.reply.status).toBe("failed");
    expect(asked.called).toMatchObject({ attempts: 2 });
    expect(questions).toHaveLength(2);
  });
});

test.each([
  ["an answer", shaped, { text: "{}" }],
  ["another failure", shaped, { text: "", finishReason: FinishReason.CONTENT_FILTER }],
  ["a refusal of a question without a shape", { ...shaped, sampling: {} }, { then: { error: rejected } }],
])("%s is asked for once", async (_, prompt, reply) => {
  const { questions } = await askedOf(() => reply, prompt);
  expect(questions).toHaveLength(1);
});
