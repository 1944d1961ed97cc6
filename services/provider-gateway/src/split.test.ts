import { FinishReason } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import { collect, providerAt, question, startGateway } from "./testing/gateway.js";
import { startUpstream, streaming } from "./testing/scripted-upstream.js";
import { bytesOf, groqStream, openrouterStream, streamText } from "./testing/transcripts.js";

const openrouterCase = {
  kind: "openrouter",
  model: "openai/gpt-4o-mini",
  transcript: openrouterStream,
  cost: 2_100n,
} as const;

const groqCase = {
  kind: "groq",
  model: "groq/llama-3.3-70b-versatile",
  transcript: groqStream,
  // 218 x 0.59 + 15 x 0.79 US dollars per million
  cost: 140_470n,
} as const;

const atOnce = 32;

describe("a stream means the same however its bytes are split (F15)", () => {
  it.each([
    { name: "OpenRouter, LF", newline: "\n", ...openrouterCase },
    { name: "OpenRouter, CRLF", newline: "\r\n", ...openrouterCase },
    { name: "Groq, CR", newline: "\r", ...groqCase },
  ])("$name", { timeout: 60_000 }, async ({ kind, model, transcript, newline, cost }) => {
    const bytes = bytesOf(transcript, newline);
    await using upstream = await startUpstream((response, call) => {
      const at = Number(call.body["seed"]);
      streaming(bytes.subarray(0, at), bytes.subarray(at))(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, kind)]);
    const checkSplit = async (at: number): Promise<void> => {
      const completion = question(model, { sampling: { seed: BigInt(at) } });
      const { text, finished } = await collect(gateway.client.streamCompletion({ completion }));
      expect({
        text,
        whole: finished?.message?.parts[0]?.content.value,
        reason: finished?.finishReason,
        cost: finished?.usage?.costUsdNanos,
        estimated: finished?.usage?.estimated,
      }).toEqual({ text: streamText, whole: streamText, reason: FinishReason.STOP, cost, estimated: false });
    };
    const offsets = Array.from({ length: bytes.length + 1 }, (_, at) => at);
    while (offsets.length > 0) await Promise.all(offsets.splice(0, atOnce).map(checkSplit));
    expect(upstream.calls.length).toBe(bytes.length + 1);
  });
});
