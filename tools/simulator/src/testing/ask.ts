import type { Simulator } from "../simulator.js";
import { call } from "./http-client.js";
import type { Reply } from "./http-client.js";

/** A key that Groq's wire accepts. */
export const KEY = "gsk_simulated_0123456789";

/** The body of a chat call that asks one question. */
export function chat(model: string, question = "What is 17 + 25?", more: object = {}): object {
  return { model, messages: [{ role: "user", content: question }], ...more };
}

/** Posts a chat completion to one of the providers. */
export function ask(simulator: Simulator, provider: "openrouter" | "groq", json: unknown): Promise<Reply> {
  return call(chatUrl(simulator, provider), { json, headers: { authorization: `Bearer ${KEY}` } });
}

/** Where a provider takes chat completions. */
export function chatUrl(simulator: Simulator, provider: "openrouter" | "groq"): string {
  return `${provider === "groq" ? simulator.groqUrl : simulator.openrouterUrl}/chat/completions`;
}
