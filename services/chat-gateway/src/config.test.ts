import { type Environment, toSettings } from "@synod/settings";
import { expect, it } from "vitest";
import { toChatGatewayConfig } from "./config.js";

it("knows which models have settings of their own, and nothing else of the providers", () => {
  const file = {
    path: "synod.config.json",
    text: JSON.stringify({
      providers: {
        groq: { models: { "llama-3.3-70b-versatile": { max_concurrency: 2 } } },
        local: { kind: "openai", base_url: "http://127.0.0.1:1/v1", models: { "a/b": {}, c: {} } },
      },
    }),
  };
  const environment: Environment = {
    variables: { GROQ_API_KEY: "gsk_CANARY" },
    configFile: file,
    mistakes: [],
  };
  const config = toChatGatewayConfig(toSettings(environment, "all-in-one"));
  expect(config.settings.modelsInSettings).toEqual(["groq/llama-3.3-70b-versatile", "local/a/b", "local/c"]);
  expect(JSON.stringify(config)).not.toContain("CANARY");
});
