import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { defaultPreset, startGateway } from "../testing/gateway.js";

const gemini = {
  id: "openrouter/google/gemini-2.0-flash-001",
  providerId: "openrouter",
  displayName: "Gemini 2.0 Flash",
  created: 1_700_000_000n,
  contextTokens: 1_000_000n,
  maxOutputTokens: 8_192n,
  // 0.1 and 0.4 dollars per million tokens
  price: { inputUsdNanosPerMillion: 100_000_000n, outputUsdNanosPerMillion: 400_000_000n },
  inputModalities: ["text", "image"],
  outputModalities: ["text"],
  supportedParameters: ["tools", "max_tokens"],
};
const unknown = { id: "local/x", providerId: "local", displayName: "x" };

/** What is said of a model that nothing is known of. */
const nothing = {
  object: "model",
  context_length: null,
  pricing: { prompt: "-1", completion: "-1" },
  architecture: { modality: null, input_modalities: [], output_modalities: [] },
  supported_parameters: [],
  top_provider: { context_length: null, max_completion_tokens: null, is_moderated: false },
  per_request_limits: null,
  default_parameters: null,
  supported_voices: null,
};
const named = (id: string) => ({
  id,
  canonical_slug: id,
  links: { details: `/v1/models/${id}/endpoints` },
});

describe("GET /v1/models", () => {
  it("lists panels first, then the providers' models with price and context length", async () => {
    await using house = await startGateway({
      presets: { quick: defaultPreset },
      script: { models: () => [gemini, unknown] },
    });
    const response = await fetch(`${house.url}/v1/models`);
    expect(await bodyOf(response)).toEqual({
      object: "list",
      total_count: 4,
      links: { next: null },
      data: [
        ...["synod/default", "synod/quick"].map((id) => ({
          ...nothing,
          ...named(id),
          created: expect.any(Number),
          owned_by: "synod",
          name: id,
        })),
        {
          ...nothing,
          ...named(gemini.id),
          created: 1_700_000_000,
          owned_by: "openrouter",
          name: "Gemini 2.0 Flash",
          context_length: 1_000_000,
          max_completion_tokens: 8_192,
          pricing: { prompt: "0.0000001", completion: "0.0000004" },
          architecture: {
            modality: "text+image->text",
            input_modalities: ["text", "image"],
            output_modalities: ["text"],
          },
          supported_parameters: ["tools", "max_tokens"],
          top_provider: { context_length: 1_000_000, max_completion_tokens: 8_192, is_moderated: false },
        },
        { ...nothing, ...named("local/x"), created: 0, owned_by: "local", name: "x" },
      ],
    });
    expect(house.ledger.paid).toBe(0);
  });

  it("gives a part of them", async () => {
    await using house = await startGateway({ script: { models: () => [gemini, unknown] } });
    const part = async (query: string) => {
      const { data, links, total_count } = await bodyOf(await fetch(`${house.url}/v1/models?${query}`));
      expect(total_count).toBe(3);
      return [data.map(({ id }) => id), links.next];
    };
    const ids = ["synod/default", gemini.id, "local/x"];
    expect(await part("limit=2")).toEqual([ids.slice(0, 2), "/v1/models?offset=2&limit=2"]);
    expect(await part("offset=2&limit=2#x")).toEqual([ids.slice(2), null]);
    expect(await part("offset=3")).toEqual([[], null]);
    expect(await part("category=any")).toEqual([ids, null]);
    for (const wrong of ["limit=0", "limit=", "offset=-1", "offset=1e3", "offset=9999999999"]) {
      const response = await fetch(`${house.url}/v1/models?${wrong}`);
      expect(response.status).toBe(400);
      expect((await bodyOf(response)).error.param).toBe(wrong.split("=")[0]);
    }
  });

  it("gives one of them by its id, slashes escaped or not", async () => {
    await using house = await startGateway({ script: { models: () => [gemini] } });
    for (const id of [gemini.id, encodeURIComponent(gemini.id), "synod/default"]) {
      const response = await fetch(`${house.url}/openai/v1/models/${id}`);
      expect(await response.json()).toMatchObject({ id: decodeURIComponent(id), object: "model" });
    }
    for (const id of ["nothing", "%E0%A4%A"]) {
      const response = await fetch(`${house.url}/v1/models/${id}`);
      expect(response.status).toBe(404);
      expect((await bodyOf(response)).error).toMatchObject({
        code: "model_not_found",
        param: "model",
        message: "No such model is listed.",
      });
    }
  });

  it("names the closest ones in place of one that is not there", async () => {
    await using house = await startGateway({ script: { models: () => [gemini, unknown] } });
    const response = await fetch(`${house.url}/v1/models/openrouter/google/gemini-2.0-flash`);
    expect(response.status).toBe(404);
    expect((await bodyOf(response)).error.message).toBe(
      `No such model is listed. Close to it: ${gemini.id}.`,
    );
  });

  it("is the same over RPC", async () => {
    await using house = await startGateway({ script: { models: () => [gemini] } });
    const { models } = await house.chat.listModels({});
    expect(models.map(({ id, owner }) => [id, owner])).toEqual([
      ["synod/default", "synod"],
      [gemini.id, "openrouter"],
    ]);
    expect(models[1]?.contextTokens).toBe(1_000_000n);
  });
});
