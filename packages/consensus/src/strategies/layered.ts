import { extractAnswer } from "../answers/extract.js";
import { hasVote } from "./has-vote.js";
import { labelled } from "./labels.js";
import { layerMessages } from "./layer-messages.js";
import { votesOf } from "./plurality.js";
import { layered1 } from "./prompts/layered-1.js";
import { saidText } from "./said.js";
import { derivedSeed } from "./shuffle.js";
import type { AggregationInput, Answer, Prompt, Reply, Strategy } from "./strategy.js";
import { synthesis } from "./synthesis.js";

/** Layers of answers where an input names none: the panel's own, and one more. */
export const DEFAULT_LAYERS = 2;

/**
 * A mixture of agents: whoever answered sees all the answers as references and answers again, layer by layer, and the
 * last layer is synthesised. Each answer of the panel is one call in each further layer; the synthesis is one more.
 *
 * An answer of a layer that fails, or that has no vote, leaves the one before it in its place; when that happens to all,
 * no further layer is asked. The votes, the agreement and the fallback are those of the last layer.
 *
 * Source: mixture of agents, arXiv:2406.04692.
 */
export const layered: Strategy = {
  name: "layered",
  needsModel: true,
  votes: false,
  calls: (answers, layers = DEFAULT_LAYERS) => [...Array.from({ length: layers - 1 }, () => answers), 1],
  next(input, replies) {
    let answers = input.answers;
    let rest = replies;
    for (let layer = 2; layer <= (input.layers ?? DEFAULT_LAYERS); layer++) {
      const references = hasVote(answers, votesOf(answers, input.answerFormat));
      if (references.length === 0) break;
      if (rest.length === 0) return { ask: answers.map((own) => layerPrompt(input, references, own, layer)) };
      const next = answers.map((own, i) => improved(own, rest[i], input));
      rest = rest.slice(answers.length);
      const isStuck = next.every((answer, i) => answer === answers[i]);
      answers = next;
      if (isStuck) break;
    }
    return synthesis.next({ ...input, answers }, rest);
  },
};

function layerPrompt(
  input: AggregationInput,
  references: readonly Answer[],
  { voter }: Answer,
  layer: number,
): Prompt {
  const seed = derivedSeed(input.seed, `layer ${layer}, voter ${voter.member}.${voter.sample}`);
  return {
    to: voter.member,
    messages: layerMessages(input, labelled(references, seed)),
    sampling: input.members?.[voter.member]?.sampling ?? {},
    version: layered1.version,
  };
}

/** The answer of the next layer: what was replied if it has a vote, else the same as before. */
function improved(own: Answer, reply: Reply | undefined, { answerFormat }: AggregationInput): Answer {
  const text = saidText(reply);
  if (text === null || !("key" in extractAnswer(text, answerFormat))) return own;
  return { ...own, text, truncated: reply?.status === "answered" && reply.truncated === true };
}
