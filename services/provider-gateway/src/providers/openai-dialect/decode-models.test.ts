import { describe, expect, it } from "vitest";
import { codecs } from "../registry.js";

const { openrouter, groq } = codecs;
const unknown = { inputModalities: [], outputModalities: [], supportedParameters: [] };

describe("a list of models", () => {
  it("of OpenRouter says what a model reads, writes and takes", () => {
    const model = {
      id: "acme/one",
      name: "Acme: One",
      created: 1_731_000_000,
      context_length: 8_192,
      architecture: { input_modalities: ["text", "image"], output_modalities: ["text"] },
      pricing: { prompt: "0.00000015", completion: "0.0000006" },
      top_provider: { context_length: 8_192, max_completion_tokens: 1_024 },
      supported_parameters: ["tools", "temperature", 7, "x".repeat(65), "\ud800"],
    };
    expect(openrouter.decodeModels({ data: [model], links: { next: "/x" } })).toEqual({
      models: [
        {
          id: "acme/one",
          displayName: "Acme: One",
          created: 1_731_000_000,
          contextTokens: 8_192,
          maxOutputTokens: 1_024,
          price: { input: 150_000_000n, output: 600_000_000n },
          inputModalities: ["text", "image"],
          outputModalities: ["text"],
          supportedParameters: ["tools", "temperature"],
        },
      ],
      more: true,
    });
  });

  it("of Groq says none of that", () => {
    const model = { id: "m", object: "model", created: 1, owned_by: "x", context_window: 9 };
    expect(groq.decodeModels({ object: "list", data: [model, { ...model, active: false }] })).toEqual({
      models: [{ id: "m", displayName: "m", created: 1, contextTokens: 9, ...unknown }],
      more: false,
    });
  });

  it("holds entries that say nothing, and leaves out those that are none", () => {
    const odd = { id: "m", architecture: { input_modalities: "text" }, supported_parameters: null };
    expect(openrouter.decodeModels({ data: [odd, { id: "" }, null, 7] })).toEqual({
      models: [{ id: "m", displayName: "m", created: 0, ...unknown }],
      more: false,
    });
  });

  it.each([null, [], {}, { data: {} }])("is none: %j", (json) => {
    expect(openrouter.decodeModels(json)).toBeNull();
  });
});
