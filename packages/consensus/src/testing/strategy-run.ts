import type { Message } from "../run/conversation.js";
import type { AggregationInput, Outcome, Prompt, Reply, Strategy } from "../strategies/strategy.js";
import { answersSaying } from "./answers.js";
import { question } from "./specs.js";

/** The nonce of every input of a test. */
export const nonce = "n0nce123";

/** What a strategy reads where a panel said these texts, each member one. */
export function inputOf(texts: readonly string[], over: Partial<AggregationInput> = {}): AggregationInput {
  return {
    conversation: question,
    answers: answersSaying(texts),
    answerFormat: "auto",
    seed: 5,
    nonce,
    ...over,
  };
}

/** A reply that says something. */
export function saying(text: string): Reply {
  return { status: "answered", text };
}

/** A reply of a model that is down. */
export const down: Reply = { status: "failed", message: "timeout" };

/** What a model replies to a prompt. `call`: how many prompts there were before, over all steps. */
export type Model = (prompt: Prompt, call: number) => Reply;

/** What came of a strategy. */
export interface StrategyRun {
  readonly outcome: Outcome;
  /** The prompts of each step. */
  readonly steps: readonly (readonly Prompt[])[];
}

/** Asks a model whatever a strategy wants asked, until it concludes. */
export function runStrategy(strategy: Strategy, input: AggregationInput, model: Model): StrategyRun {
  const steps: (readonly Prompt[])[] = [];
  const replies: Reply[] = [];
  for (;;) {
    const step = strategy.next(input, replies);
    if ("outcome" in step) return { outcome: step.outcome, steps };
    if (steps.length > 20 || step.ask.length === 0) throw new Error("the strategy does not conclude");
    steps.push(step.ask);
    for (const prompt of step.ask) replies.push(model(prompt, replies.length));
  }
}

/** The text of a message. */
export function textOf(message: Message | undefined): string {
  return message?.parts.map((part) => (part.type === "text" ? part.text : "")).join("") ?? "";
}

/** All that a prompt says. */
export function wholeText(prompt: Prompt): string {
  return prompt.messages.map(textOf).join("\n");
}

/** What a prompt gives as data, read the way a careful reader would: each JSON string between fences, with its label. */
export function dataIn(prompt: Prompt): readonly { readonly label: string; readonly text: string }[] {
  const lines = wholeText(prompt).split("\n");
  return lines.flatMap((line, i) =>
    line === `[[begin ${nonce}]]` && lines[i + 2] === `[[end ${nonce}]]`
      ? [{ label: (lines[i - 1] ?? "").replace(/:$/, ""), text: JSON.parse(lines[i + 1] ?? "") }]
      : [],
  );
}

/** The answers that a prompt shows. */
export function answersIn(prompt: Prompt): ReturnType<typeof dataIn> {
  return dataIn(prompt).filter(({ label }) => /^Answer [A-Z]+$/.test(label));
}
