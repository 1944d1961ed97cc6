import { copeland } from "../voting/copeland.js";
import type { Duel } from "../voting/duel.js";
import { type Comparison, comparisonForm, comparisonOf } from "./comparison.js";
import { type DistinctAnswer, distinctAnswers, thinned } from "./distinct-answers.js";
import { jsonPrompt } from "./json-prompt.js";
import { byVoter } from "./labels.js";
import { pickedOutcome, unavailableOutcome } from "./outcomes.js";
import { pluralityOutcome } from "./plurality.js";
import { bestOf1 } from "./prompts/best-of-1.js";
import { saidJson } from "./said.js";
import type { AggregationInput, Prompt, Reply, Strategy } from "./strategy.js";

/** Texts that are compared at most: 8, in 56 calls. */
const MAX_COMPARED = 8;

/**
 * A model compares the answers in pairs, each pair in both orders, and the one that beats most others goes out word for
 * word. A win counts only if both orders agree, so a model that always says "the first" decides nothing. The rule is
 * Copeland's; ties go to the heavier votes, then to a stable hash.
 *
 * Equal texts are compared as one. Of more than 8, the best backed of each key are compared first, then the second of
 * each. All calls are made at once: n (n - 1) for n texts.
 *
 * A comparison of which a reply fails or cannot be read counts for nobody. When that is so of all, the plurality of the
 * answers is the outcome. The agreement is the share of the votes for the chosen answer's key.
 *
 * Sources: LLM-Blender, arXiv:2306.02561; position bias of judges, arXiv:2306.05685.
 */
export const bestOf: Strategy = {
  name: "best_of",
  needsModel: true,
  votes: false,
  calls(answers) {
    const compared = Math.min(answers, MAX_COMPARED);
    return compared < 2 ? [] : [compared * (compared - 1)];
  },
  next(input, replies) {
    const compared = thinned(distinctAnswers(input), MAX_COMPARED);
    if (compared.length < 2) return { outcome: pluralityOutcome(input.answers, input.answerFormat) };
    const pairs = pairsOf(compared.toSorted((a, b) => byVoter(a.answer, b.answer)));
    if (replies.length === 0) return { ask: pairs.flatMap((pair) => bothOrders(input, pair)) };
    const results = pairs.map((pair, i) => ({ pair, result: resultOf(replies.slice(2 * i, 2 * i + 2)) }));
    if (results.every(({ result }) => result === "unparsable")) {
      return { outcome: unavailableOutcome(input, bestOf1.version) };
    }
    const [best, next] = copeland(compared, results.flatMap(duelOf));
    const chosen = compared.find(({ id }) => id === best?.id);
    if (chosen === undefined) throw new Error("Copeland's rule chose none of the answers");
    const outcome = pickedOutcome(input, chosen.answer, bestOf1.version);
    return { outcome: { ...outcome, ...(best?.score === next?.score && { tieBroken: true }) } };
  },
};

type Pair = readonly [first: DistinctAnswer, second: DistinctAnswer];

function pairsOf(answers: readonly DistinctAnswer[]): readonly Pair[] {
  return answers.flatMap((first, i) => answers.slice(i + 1).map((second): Pair => [first, second]));
}

function bothOrders(input: AggregationInput, [first, second]: Pair): readonly Prompt[] {
  return [
    [first, second],
    [second, first],
  ].map((order) =>
    jsonPrompt(
      input,
      "aggregator",
      bestOf1,
      order.map(({ answer }, i) => ({ label: i === 0 ? "Answer A" : "Answer B", answer })),
      comparisonForm,
    ),
  );
}

function resultOf([forward, backward]: readonly Reply[]): Comparison {
  const said = (reply: Reply | undefined) => saidJson(reply, comparisonForm)?.better ?? null;
  return comparisonOf(said(forward), said(backward));
}

function duelOf({
  pair: [first, second],
  result,
}: {
  readonly pair: Pair;
  readonly result: Comparison;
}): Duel[] {
  if (result === "first") return [{ winner: first.id, loser: second.id }];
  if (result === "second") return [{ winner: second.id, loser: first.id }];
  return [];
}
