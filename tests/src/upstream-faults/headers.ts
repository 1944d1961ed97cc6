import { expect, it } from "vitest";

import { post, question } from "../harness/api.js";
import { fails } from "../harness/upstream.js";
import { callsOf, type FaultGroup } from "./fault-house.js";

const asked = {
  "http-referer": "https://app.example/",
  "x-title": "Birds",
  "x-openrouter-cache": "true",
};

/** F44: what goes from a caller's head into an upstream's, and back. */
export const headers: FaultGroup = {
  name: "headers",
  cases: [],
  rules: [fails("acme/headed", { kind: "cache_hit" })],
  more(house) {
    const ask = (model: string, more: object, stream = false) => {
      const { synod } = house();
      const body = { ...question("What is 3 + 4?", model), stream };
      return post(`${synod.url}/v1/chat/completions`, body, { headers: { ...asked, ...more } });
    };

    it.each([false, true])("F44: OpenRouter's go there and come back (streamed: %s)", async (stream) => {
      const before = callsOf(house(), "acme/headed").length;
      const answer = await ask("openrouter/acme/headed", { "x-evil": "1" }, stream);
      expect(answer.status).toBe(200);
      const call = callsOf(house(), "acme/headed")[before];
      expect(call?.headers).toMatchObject(asked);
      expect(call?.headers).not.toHaveProperty("x-evil");
      expect(answer.headers).toMatchObject({
        "x-generation-id": call?.generationId,
        "x-openrouter-cache-status": "HIT",
        "x-openrouter-cache-age": "12",
      });
      expect(callsOf(house(), "acme/headed")).toHaveLength(before + 1);
    });

    it("F44: none of them goes to Groq", async () => {
      const answer = await ask("groq/acme/headless", {});
      expect(answer.status).toBe(200);
      const [call] = callsOf(house(), "acme/headless");
      for (const name of Object.keys(asked)) expect(call?.headers).not.toHaveProperty(name);
      expect(answer.headers).not.toHaveProperty("x-generation-id");
      expect(callsOf(house(), "acme/headless")).toHaveLength(1);
    });

    it("F44: one that is too long is refused, and nobody is asked", async () => {
      const answer = await ask("openrouter/acme/unasked", { "x-title": "x".repeat(1_025) });
      expect(answer.status).toBe(400);
      expect(answer.json<object>()).toMatchObject({ error: { code: "invalid_value", param: "x-title" } });
      expect(callsOf(house(), "acme/unasked")).toEqual([]);
    });
  },
};
