import { SynodError } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { readCompletionRequest } from "./completion-request.js";

const base = { model: "openrouter/a/b", prompt: "Once upon" };
const read = (fields: object) => {
  const json = { ...base, ...fields };
  return readCompletionRequest({ json, text: JSON.stringify(json) }, 50);
};

function mistakeOf(fields: object): { param: string | undefined; message: string } {
  try {
    read(fields);
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    expect(error.failure.reason).toBe("invalid_value");
    return { param: error.fieldViolations[0]?.field, message: error.message };
  }
  throw new Error("it was accepted");
}

describe("a text completion's body", () => {
  it("is a prompt, how to write, and what the provider is told as it is", () => {
    const { question, stream } = read({
      max_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      seed: 7,
      stop: "\n",
      frequency_penalty: 1,
      presence_penalty: -1,
      response_format: { type: "json_object" },
      n: 1,
      best_of: 1,
      echo: false,
      logprobs: null,
      suffix: "the end",
      top_k: 3,
      stream: true,
    });
    expect(stream).toBe(true);
    expect(question).toEqual({
      model: "openrouter/a/b",
      prompt: "Once upon",
      sampling: {
        maxOutputTokens: 5,
        temperature: 0,
        topP: 0.5,
        seed: 7,
        stop: ["\n"],
        frequencyPenalty: 1,
        presencePenalty: -1,
        responseFormat: { type: "json_object" },
      },
      extraJson: '{"suffix":"the end","top_k":3}',
      deadlineMs: 50,
    });
  });

  it("may write its prompt as a list of one", () => {
    expect(read({ prompt: ["Once"] }).question.prompt).toBe("Once");
  });

  const cases: readonly (readonly [string, object, string])[] = [
    ["no prompt", { prompt: undefined }, "prompt"],
    ["an empty prompt", { prompt: "" }, "prompt"],
    ["no text in the list", { prompt: [] }, "prompt"],
    ["an empty text in the list", { prompt: [""] }, "prompt[0]"],
    ["several prompts", { prompt: ["a", "b"] }, "prompt"],
    ["tokens", { prompt: [1, 2] }, "prompt"],
    ["a list of tokens", { prompt: [[1, 2]] }, "prompt[0]"],
    ["no model", { model: undefined }, "model"],
    ["a panel", { model: "synod/default" }, "model"],
    ["a panel without a name", { model: "synod" }, "model"],
    ["n 2", { n: 2 }, "n"],
    ["best_of 2", { best_of: 2 }, "best_of"],
    ["best_of as text", { best_of: "1" }, "best_of"],
    ["an echo", { echo: true }, "echo"],
    ["an echo as text", { echo: "yes" }, "echo"],
    ["log probabilities", { logprobs: 2 }, "logprobs"],
    ["log probabilities of what is written", { logprobs: 0 }, "logprobs"],
    ["messages", { messages: [{ role: "user", content: "hi" }] }, "messages"],
    ["consensus", { consensus: {} }, "consensus"],
    ["sound", { modalities: ["audio"] }, "modalities"],
    ["temperature 3", { temperature: 3 }, "temperature"],
    ["max_tokens 0", { max_tokens: 0 }, "max_tokens"],
    ["stream as text", { stream: "yes" }, "stream"],
  ];
  it.each(cases)("with %s is refused, and says where", (_name, fields, param) => {
    const mistake = mistakeOf(fields);
    expect(mistake.param).toBe(param);
    expect(mistake.message).toContain(param);
  });

  it("must be an object", () => {
    expect(() => readCompletionRequest({ json: [], text: "[]" }, undefined)).toThrow("must be a JSON object");
  });
});
