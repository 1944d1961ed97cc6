import type { Behaviour } from "./behaviour.js";

/** The answer of a model, ready to be written. Made once per model, so that the upstream costs little. */
export interface Answer {
  readonly json: string;
  /** One string per burst, then the last frames. */
  readonly bursts: readonly string[];
}

/** Writes the answer of a model in the wire of OpenRouter. */
export function answerOf(model: string, behaviour: Behaviour): Answer {
  const head = { id: "gen-bench", created: 1_700_000_000, model, provider: "Bench" };
  const words = Array.from({ length: behaviour.tokens }, (_, i) =>
    i + 1 < behaviour.tokens ? "word " : String(behaviour.vote?.says ?? 42),
  );
  const usage = {
    prompt_tokens: 12,
    completion_tokens: behaviour.tokens,
    total_tokens: 12 + behaviour.tokens,
    cost: 0,
  };
  const json = JSON.stringify({
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: words.join("") },
        finish_reason: "stop",
        logprobs: null,
      },
    ],
    system_fingerprint: "fp_bench",
    usage,
  });

  const chunk = (fields: object): string =>
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...fields })}\n\n`;
  const choice = (delta: object, finishReason: string | null): object => ({
    choices: [{ index: 0, delta, finish_reason: finishReason, logprobs: null }],
  });
  const frames = words.map((content) => chunk(choice({ role: "assistant", content }, null)));
  const bursts: string[] = [];
  for (let i = 0; i < frames.length; i += behaviour.burst) {
    bursts.push(frames.slice(i, i + behaviour.burst).join(""));
  }
  const end = chunk(choice({ content: "" }, "stop")) + chunk({ choices: [], usage }) + "data: [DONE]\n\n";
  bursts.push((bursts.pop() ?? "") + end);
  return { json, bursts };
}
