import { toSettings } from "@synod/settings";
import { describe, expect, it } from "vitest";
import { toProviderGatewayConfig } from "./config.js";

describe("toProviderGatewayConfig", () => {
  it("takes the providers with their keys, and where to listen", () => {
    const variables = { OPENROUTER_API_KEY: "or-1,or-2", GROQ_BASE_URL: "http://127.0.0.1:9/groq/" };
    const config = toProviderGatewayConfig(toSettings({ variables, mistakes: [] }, "provider"));
    expect(config).toMatchObject({
      grpc: { host: "127.0.0.1", port: 7001 },
      web: { host: "127.0.0.1", port: 7101 },
    });
    expect(config.providers).toMatchObject([
      { id: "openrouter", baseUrl: "https://openrouter.ai/api/v1", keys: ["or-1", "or-2"] },
      { id: "groq", baseUrl: "http://127.0.0.1:9/groq", keys: [] },
    ]);
  });
});
