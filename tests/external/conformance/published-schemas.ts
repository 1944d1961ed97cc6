import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";

type Check = (value: unknown) => readonly string[];

function checker(file: string, definition: string): Check {
  const text = readFileSync(new URL(`../../schemas/${file}`, import.meta.url), "utf8");
  const schema = { ...JSON.parse(text), $ref: `#/$defs/${definition}` };
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  return (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath}: ${message}`);
}

/** What OpenAI and OpenRouter publish of their answers. Each check lists what is wrong. */
export const published = {
  openaiAnswer: checker("openai.json", "CreateChatCompletionResponse"),
  openaiChunk: checker("openai.json", "CreateChatCompletionStreamResponse"),
  openaiError: checker("openai.json", "ErrorResponse"),
  openaiModels: checker("openai.json", "ListModelsResponse"),
  openrouterAnswer: checker("openrouter.json", "ChatResult"),
  openrouterChunk: checker("openrouter.json", "ChatStreamChunk"),
} as const;

type Document = Readonly<Record<string, unknown>>;

/** A whole answer is what both publish. */
export function expectAnswer(answer: Document): void {
  expect(published.openrouterAnswer(answer)).toEqual([]);
  expect(published.openaiAnswer(withoutGroqsTier(answer))).toEqual([]);
}

/** Every chunk is what both publish. One with an error is OpenRouter's alone: OpenAI has no word for that end. */
export function expectChunks(chunks: readonly Document[]): void {
  expect(chunks.flatMap(published.openrouterChunk)).toEqual([]);
  const usual = chunks.filter((chunk) => chunk["error"] === undefined);
  expect(usual.map(withoutGroqsTier).flatMap(published.openaiChunk)).toEqual([]);
}

/** Groq's words for its service tier are its own, and passed on as they came. */
function withoutGroqsTier({ service_tier: tier, ...others }: Document): Document {
  return tier === undefined || tier === "on_demand" ? others : { ...others, service_tier: tier };
}
