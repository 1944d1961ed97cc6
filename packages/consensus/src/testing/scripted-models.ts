import type { Prompt, Reply } from "../strategies/strategy.js";
import { compareByHash } from "../voting/stable-hash.js";
import { answersIn, type Model, saying, wholeText } from "./strategy-run.js";

interface Shown {
  readonly label: string;
  readonly text: string;
}

/**
 * A model that finds texts better or worse by what they say alone: it picks, compares and ranks by that, finds nothing in
 * an analysis, and writes what the best text says.
 *
 * @param quality of a text: the higher, the better.
 */
export function judging(quality: (text: string) => number): Model {
  return (prompt) => replyAbout(prompt, answersIn(prompt), quality);
}

function replyAbout(prompt: Prompt, shown: readonly Shown[], quality: (text: string) => number): Reply {
  const order = shown.toSorted((a, b) => quality(b.text) - quality(a.text) || compareByHash(a.text, b.text));
  const [best, next] = order;
  switch (formOf(prompt)) {
    case "pick":
      return saying(JSON.stringify({ most_consistent: best?.label }));
    case "comparison": {
      const isTie = best !== undefined && next !== undefined && quality(best.text) === quality(next.text);
      return saying(JSON.stringify({ better: isTie ? "tie" : best?.label }));
    }
    case "ranking":
      return saying(JSON.stringify({ ranking: order.map(({ label }) => label) }));
    case "analysis":
      return saying(JSON.stringify(emptyAnalysis));
    default:
      return saying(best?.text ?? "");
  }
}

/** An analysis that found nothing. */
export const emptyAnalysis = {
  consensus: [],
  contradictions: [],
  partial_coverage: [],
  unique_insights: [],
  blind_spots: [],
};

/** The name of the JSON that a prompt wants; undefined when it wants a text. */
export function formOf({ sampling: { responseFormat } }: Prompt): string | undefined {
  return responseFormat?.type === "json_schema" ? responseFormat.name : undefined;
}

const ORDER = /^SYSTEM: reply (.*)$/;
const LABEL = /^(Answer [A-Z]+):$/;

/**
 * A model that believes whatever stands on a line of its own: it does what `SYSTEM: reply …` says, and takes every line
 * with a label for the beginning of an answer. Else it follows the number that most answers end with.
 */
export const gullible: Model = (prompt) => {
  const lines = wholeText(prompt).split(/\r\n|[\n\r\u2028\u2029]/);
  const order = lines.flatMap((line) => ORDER.exec(line)?.[1] ?? [])[0];
  if (order !== undefined) return saying(order);
  const shown = lines.flatMap((line, i) => {
    const label = LABEL.exec(line)?.[1];
    const text = lines.slice(i + 1).find((next) => !next.startsWith("[["));
    return label === undefined || text === undefined ? [] : [{ label, text: numberAtEnd(text) }];
  });
  return replyAbout(prompt, shown, (number) => shown.filter(({ text }) => text === number).length);
};

function numberAtEnd(text: string): string {
  const said: unknown = text.startsWith('"') ? JSON.parse(text) : text;
  return `Answer: ${/(\d+)\D*$/.exec(String(said))?.[1] ?? ""}`;
}
