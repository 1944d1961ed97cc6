import { describe, expect, it } from "vitest";
import { providerAt } from "../testing/gateway.js";
import { openProvider } from "./provider.js";
import { resolveTarget } from "./target.js";

const settings = [
  providerAt("http://127.0.0.1:9", "openrouter"),
  providerAt("http://127.0.0.1:9", "groq", { keys: [] }),
  providerAt("http://127.0.0.1:9", "openai", { keys: [] }),
];
const providers = new Map(settings.map((one) => [one.id, openProvider(one)]));

describe("a model's id", () => {
  it.each([
    ["openrouter/google/gemini-2.0-flash-001", "openrouter", "google/gemini-2.0-flash-001"],
    ["google/gemini-2.0-flash-001", "openrouter", "google/gemini-2.0-flash-001"],
    ["meta-llama/llama-3.3-70b-instruct:free", "openrouter", "meta-llama/llama-3.3-70b-instruct:free"],
    ["local/llama3.2:3b", "local", "llama3.2:3b"],
    ["local/hf.co/org/Model-GGUF:Q4_K_M", "local", "hf.co/org/Model-GGUF:Q4_K_M"],
    ["gpt-x", "openrouter", "gpt-x"],
  ])("%s is %s's %s", (id, provider, model) => {
    expect(resolveTarget(id, providers)).toMatchObject({
      kind: "target",
      target: { id: `${provider}/${model}`, model, provider: { id: provider } },
    });
  });

  it.each([
    "openrouter/../../admin",
    "openrouter/a/../b",
    "local//etc/passwd",
    "http://127.0.0.1/",
    "local/http://127.0.0.1/",
    "a b",
    "a\nb",
    "a\u0000b",
    "a/b?x=1",
    "a\\b",
    "a/",
    "local/",
    ".hidden",
    "a\u202eb",
    "x".repeat(257),
    "%2e%2e/a",
  ])("%j is refused (F43)", (id) => {
    expect(() => resolveTarget(id, providers)).toThrow(
      expect.objectContaining({ error: expect.objectContaining({ reason: "invalid_value" }) }),
    );
  });

  it.each(["groq/llama-3.3-70b-versatile", "sim/ada-large"])("%s has no provider here", (id) => {
    expect(resolveTarget(id, providers)).toMatchObject({
      kind: "failed",
      error: { reason: "provider_not_configured", retryable: false },
    });
  });
});
