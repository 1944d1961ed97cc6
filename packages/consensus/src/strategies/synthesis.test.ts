import { anyText, fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import { textMessage } from "../run/message-text.js";
import { answersSaying } from "../testing/answers.js";
import { dataIn, down, inputOf, runStrategy, saying, textOf, wholeText } from "../testing/strategy-run.js";
import type { AggregationInput, Answer, Outcome, Prompt, Reply } from "./strategy.js";
import { synthesis } from "./synthesis.js";

function promptOf(input: AggregationInput): Prompt {
  const step = synthesis.next(input, []);
  const [prompt, ...others] = "ask" in step ? step.ask : [];
  if (prompt === undefined || others.length > 0) throw new Error("it asks once");
  return prompt;
}

function outcomeOf(input: AggregationInput, reply: Reply): Outcome {
  return runStrategy(synthesis, input, () => reply).outcome;
}

/** The JSON strings between the fences of a prompt. */
function fencedIn(prompt: Prompt): readonly string[] {
  return dataIn(prompt).map(({ text }) => text);
}

describe("the shipped prompt", () => {
  test("instructions; then the conversation and every answer as data; then what to write", () => {
    const prompt = promptOf(inputOf(["42", "It is 41."]));
    expect(prompt).toMatchObject({ to: "aggregator", version: "synthesis/1" });
    expect(synthesis.calls(3)).toEqual([1]);
    expect(prompt.messages.map((m) => m.role)).toEqual(["system", "user"]);
    const [conversation, ...answers] = fencedIn(prompt);
    expect(JSON.parse(conversation ?? "")).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is 6 * 7?" },
    ]);
    expect(answers.toSorted()).toEqual(["42", "It is 41."]);
    expect(textOf(prompt.messages[1]).split("\n\n").at(-1)).toMatch(/^Write the final answer/);
  });

  test("a single question is its text alone", () => {
    const prompt = promptOf(inputOf(["42"], { conversation: [textMessage("user", "Why?")] }));
    expect(fencedIn(prompt)[0]).toBe("Why?");
  });

  test("the aggregator writes as the preset says", () => {
    const aggregator = { sampling: { temperature: 0.3, maxOutputTokens: 90 }, context: [], prompt: [] };
    expect(promptOf(inputOf(["42"], { aggregator })).sampling).toEqual(aggregator.sampling);
  });
});

describe("the preset's own messages", () => {
  const context = [textMessage("system", "You merge."), textMessage("user", "Hello.")];
  const prompt = [textMessage("user", "Merge them now.")];

  test("context, one system message with the answers, prompt; nothing else", () => {
    const asked = promptOf(inputOf(["42", "41"], { aggregator: { sampling: {}, context, prompt } }));
    expect(asked.version).toBe("preset");
    expect(asked.messages).toHaveLength(4);
    expect(asked.messages.slice(0, 2)).toEqual(context);
    expect(asked.messages[2]?.role).toBe("system");
    expect(textOf(asked.messages[2]).split("\n")[0]).toBe("Aggregated responses:");
    expect(asked.messages.slice(3)).toEqual(prompt);
    expect(fencedIn(asked).toSorted()).toEqual(["41", "42"]);
    expect(wholeText(asked)).not.toContain("6 * 7");
  });

  test.each([
    [context, []],
    [[], prompt],
  ])("one of the two is enough", (before, after) => {
    const asked = promptOf(inputOf(["42"], { aggregator: { sampling: {}, context: before, prompt: after } }));
    expect(asked.messages).toHaveLength(before.length + 1 + after.length);
  });
});

describe("the answers in it", () => {
  test("every answer is there once, and is what was said", () => {
    fc.assert(
      fc.property(
        fc.array(
          anyText.filter((text) => text.trim() !== ""),
          { minLength: 1, maxLength: 8 },
        ),
        fc.nat(),
        (texts, seed) => {
          const shown = fencedIn(promptOf(inputOf(texts, { seed: seed % 2 ** 32 }))).slice(1);
          expect(shown.toSorted()).toEqual(texts.toSorted());
        },
      ),
    );
  });

  test("labels are neutral and shuffled by the seed alone", () => {
    const texts = ["zero", "first", "second", "third"].map((text) => `say ${text}`);
    const order = (seed: number, answers: readonly Answer[]): readonly string[] =>
      fencedIn(promptOf(inputOf([], { seed, answers }))).slice(1);
    const answers = answersSaying(texts);
    expect(order(9, answers)).toEqual(order(9, answers.toReversed()));
    const orders = new Set(Array.from({ length: 200 }, (_, seed) => order(seed, answers).join()));
    expect(orders.size).toBe(24);
    const prompt = wholeText(promptOf(inputOf(texts)));
    expect(prompt.match(/^Answer [A-Z]+:$/gm)).toEqual(["Answer A:", "Answer B:", "Answer C:", "Answer D:"]);
  });

  test("160 answers have 160 labels", () => {
    const texts = Array.from({ length: 160 }, (_, i) => `number ${i}`);
    expect(new Set(wholeText(promptOf(inputOf(texts))).match(/^Answer [A-Z]+:$/gm)).size).toBe(160);
  });

  test("who abstains is not shown", () => {
    const prompt = promptOf(inputOf(["42", "", "I do not know"], { answerFormat: "number" }));
    expect(fencedIn(prompt).slice(1)).toEqual(["42"]);
  });
});

describe("the outcome", () => {
  test("the text as it was written, with the share of votes that stand behind it", () => {
    const outcome = outcomeOf(inputOf(["42", "It is 42", "41"]), saying(" The answer is 42.\n"));
    expect(outcome).toMatchObject({
      text: " The answer is 42.\n",
      answerKey: "42",
      promptVersion: "synthesis/1",
      aggregatorUnavailable: false,
    });
    expect(outcome.agreement).toBeCloseTo(2 / 3);
    expect(outcome.votes.map((vote) => vote.answerKey)).toEqual(["42", "42", "41"]);
  });

  test.each([
    ["the aggregator sides with the few", ["42", "42", "41"], "It is 41.", "41", 1 / 3],
    ["the aggregator follows nobody", ["42", "42", "41"], "It is 40.", "40", 0],
    ["other numbers stand around the answer", ["42", "42", "41"], "It is 42, as 2 of 3 say", "42", 2 / 3],
    [
      "the answer stands in a sentence",
      ["Paris", "Paris.", "Lyon"],
      "As is known, Paris has been it since long.",
      "paris",
      2 / 3,
    ],
    ["a name that no member gave", ["Paris", "Paris.", "It is Paris"], "Lyon", "lyon", 0],
    ["a marked one", ["42", "42", "42"], "42 is wrong. The answer is 40", "40", 0],
    ["an option", ["B) Paris", "(B)", "C"], "Option B", "B", 2 / 3],
  ])("%s", (_, texts, text, key, agreement) => {
    const outcome = outcomeOf(inputOf(texts), saying(text));
    if (key !== null) expect(outcome.answerKey).toBe(key);
    expect(outcome.agreement).toBeCloseTo(agreement);
  });

  test.each([
    ["auto", "I cannot answer."],
    ["auto", "Something that none of the members has said in any way at all."],
    ["number", "I cannot answer."],
    ["choice", "None of the given ones."],
  ] as const)("prose that is like no member's has no key and no agreement (%s: %s)", (answerFormat, text) => {
    const texts =
      answerFormat === "auto" ? ["Paris", "Paris.", "It is Paris"] : ["(B) 42", "(B) 42", "(B) 42"];
    const outcome = outcomeOf(inputOf(texts, { answerFormat }), saying(text));
    expect(outcome).toMatchObject({ text, answerKey: "", agreement: null });
    expect(outcome.votes.every(({ counted }) => counted)).toBe(true);
  });

  test.each<[string, Reply]>([
    ["failed", down],
    ["says nothing", saying(" \n")],
  ])("F51: the aggregator %s: the plurality, marked", (_, reply) => {
    expect(outcomeOf(inputOf(["41", "42", "It is 42"]), reply)).toMatchObject({
      answerKey: "42",
      aggregatorUnavailable: true,
      promptVersion: "synthesis/1",
    });
  });

  test("F51: all differ: the best single answer by weight", () => {
    const answers = answersSaying(["say red", "say blue", "say green"], [1, 5, 2]);
    expect(outcomeOf(inputOf([], { answers }), down).text).toBe("say blue");
  });

  test("no answer has a vote: no model is asked", () => {
    const step = synthesis.next(inputOf(["", " "]), []);
    expect(step).toMatchObject({ outcome: { text: "", agreement: null } });
  });
});
