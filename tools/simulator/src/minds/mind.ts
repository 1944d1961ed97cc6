import type { Bank } from "../bank/bank.js";
import type { Catalogue } from "../models/catalogue.js";
import type { ModelProfile } from "../models/profile.js";
import { hash } from "../random/hash.js";
import type { ToolCall } from "../wire/draft.js";
import type { CompletionRequest } from "../wire/request.js";
import { appraisal } from "./appraiser.js";
import { judgement } from "./judge.js";
import type { JudgeRates } from "./judge.js";
import { memberAnswer } from "./member.js";
import { SIMULATION_NOTICE } from "./notice.js";
import { createOccurrences } from "./occurrences.js";
import { phrased } from "./phrasing.js";
import { shapedAnswer } from "./shape.js";
import { synthesise } from "./synthesiser.js";
import { readTask } from "./task.js";
import { callOf, mustCall, toolFor, toolResult } from "./tool-use.js";

/** What a model says: a text, calls of tools, or that it will not. */
export type Said =
  { readonly text: string } | { readonly toolCalls: readonly ToolCall[] } | { readonly refusal: string };

/** What thinks for every simulated model. */
export interface Mind {
  /** What is said. `call`: the number of the call, so that no two calls of a tool have the same id. */
  reply(request: CompletionRequest, call: number): Said;
  /** Forgets what was asked before, so that the same calls get the same replies again. */
  reset(): void;
}

/**
 * Makes the mind. The same seed, model and conversation give the same reply, but for a further sample of it: asked
 * again, a model may say something else, unless `temperature` is 0. A `seed` in the request stands for the sample.
 */
export function createMind(options: {
  readonly seed: number;
  readonly bank: Bank;
  readonly catalogue: Catalogue;
  readonly judge: JudgeRates;
}): Mind {
  const { seed, bank, catalogue, judge } = options;
  const occurrences = createOccurrences();
  const sampleOf = (request: CompletionRequest): number => {
    if (request.seed !== undefined) return request.seed;
    if (request.temperature === 0) return 0;
    return occurrences.next(
      hash(request.model, ...request.messages.flatMap(({ role, text }) => [role, text])),
    );
  };
  return {
    reply(request, call) {
      const profile = catalogue.profile(request.model);
      const task = readTask(request);
      switch (task.kind) {
        case "judge":
          return {
            text: judgement(bank, task, { ...judge, seed, model: profile.id, sample: sampleOf(request) }),
          };
        case "synthesise":
          return { text: synthesisReply(profile, request, task.texts) };
        case "pick":
        case "analyse":
        case "compare":
        case "rank":
          return { text: appraisal(bank, profile, task, { seed, sample: sampleOf(request) }) };
        case "answer": {
          const result = toolResult(request);
          if (result !== undefined) return { text: phrased(profile, result, `The tool says ${result}.`) };
          const given = memberAnswer(bank, profile, task, { seed, sample: sampleOf(request) });
          if (given === undefined) return unknown(request);
          const tool = toolFor(request, task.question);
          if (tool !== undefined) return { toolCalls: [callOf(tool, given.answer, seed, call)] };
          const agrees = `Having read the consensus, I agree with ${given.answer}.`;
          const text = phrased(profile, given.answer, given.moved ? agrees : "");
          return { text: shapedAnswer(request.responseFormat, given.answer) ?? text };
        }
      }
    },
    reset: () => occurrences.reset(),
  };
}

/** What is said of a question outside the bank. What must be JSON of a schema, or a call, cannot hold it: it is refused. */
function unknown(request: CompletionRequest): Said {
  const isBound = request.responseFormat?.["type"] === "json_schema" || mustCall(request);
  return isBound ? { refusal: SIMULATION_NOTICE } : { text: SIMULATION_NOTICE };
}

function synthesisReply(profile: ModelProfile, request: CompletionRequest, texts: readonly string[]): string {
  const { answer, text, unanimous } = synthesise(texts);
  if (answer === undefined) return text;
  const first = unanimous ? `All the answers come to ${answer}.` : `Most of the answers come to ${answer}.`;
  return shapedAnswer(request.responseFormat, answer) ?? phrased(profile, answer, first);
}
