import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import { type Script, startUpstream, streaming } from "../testing/scripted-upstream.js";
import { bytesOf, groqStream } from "../testing/transcripts.js";

const model = "groq/llama-3.3-70b-versatile";
const well = streaming(bytesOf(groqStream));

/** The head of an error, and the beginning of its body. */
const begun =
  (status: number, then: "stalls" | "breaks"): Script =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.write('{"error":{"mess', () => {
      if (then === "breaks") response.destroy();
    });
  };

describe.each(["stalls", "breaks"] as const)("an error whose body %s", (then) => {
  const timers = { firstTokenMs: 300 };

  it("means what its status says: 503 is repeated (F3)", async () => {
    await using upstream = await startUpstream((response, call) => {
      (upstream.calls.length === 1 ? begun(503, then) : well)(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3 })], { timers });
    const answer = await gateway.client.complete({ completion: question(model) });
    expect([answer.completion?.attempts, upstream.calls.length]).toEqual([2, 2]);
  });

  it("means what its status says: 401 puts the key out (F5)", async () => {
    await using upstream = await startUpstream(begun(401, then));
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3 })], { timers });
    for (const _ of [1, 2]) {
      expect(await failureOfCall(gateway.client.complete({ completion: question(model) }))).toMatchObject({
        reason: "provider_auth",
        message: expect.stringContaining("HTTP 401"),
      });
    }
    expect(upstream.calls.length).toBe(1);
    expect(await gateway.metrics.text()).toMatch(/synod_upstream_keys_refused\{.*\} 1/);
  });
});
