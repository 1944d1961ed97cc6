import { describe, expect, test } from "vitest";
import { textMessage } from "../run/message-text.js";
import { dataIn, down, inputOf, type Model, runStrategy, saying, textOf } from "../testing/strategy-run.js";
import { analysis } from "./analysis.js";
import type { Reply } from "./strategy.js";

const panel = ["Answer: 42", "Answer: 41", "It is 42."];
const found = {
  consensus: ["It is a number."],
  contradictions: [{ point: "which", claims: [{ answer: "Answer A", claim: "41" }] }],
  partial_coverage: [{ point: "why", answers: ["Answer B", "Answer C"] }],
  unique_insights: [{ point: "it is even", answer: "Answer C" }],
  blind_spots: [],
};

/** Finds what is given, then writes what is given. */
const saysInTurn =
  (analysed: Reply, written: Reply = saying("The answer is 42.")): Model =>
  (_, call) =>
    call === 0 ? analysed : written;

describe("the questions", () => {
  const input = inputOf(panel, {
    aggregator: { sampling: { temperature: 0.3, maxOutputTokens: 90, stop: ["."] }, context: [], prompt: [] },
  });
  const { steps } = runStrategy(analysis, input, saysInTurn(saying(JSON.stringify(found, null, 2))));
  const [comparing, writing] = steps.map(([prompt]) => prompt);
  if (comparing === undefined || writing === undefined) throw new Error("it asks twice");

  test("one after the other, both to the aggregator", () => {
    expect(steps.map((prompts) => prompts.length)).toEqual(analysis.calls(3));
    expect(comparing).toMatchObject({ to: "aggregator", version: "analysis/1" });
    expect(writing).toMatchObject({ to: "aggregator", version: "analysis_answer/1" });
  });

  test("the first wants JSON and no more than that; the second is written as the preset says", () => {
    expect(comparing.sampling).toMatchObject({ temperature: 0, responseFormat: { name: "analysis" } });
    expect(Object.keys(comparing.sampling)).toEqual(["temperature", "responseFormat"]);
    expect(writing.sampling).toEqual(input.aggregator?.sampling);
  });

  test("the second shows the same answers under the same labels, and what was found as one more string", () => {
    expect(dataIn(writing).slice(0, -1)).toEqual(dataIn(comparing));
    const { label, text } = dataIn(writing).at(-1) ?? {};
    expect(label).toBe("Analysis");
    expect(JSON.parse(text ?? "")).toEqual(found);
  });

  test("with the preset's own messages the writer gets these, the answers and the analysis, and nothing else", () => {
    const context = [textMessage("system", "You merge.")];
    const prompt = [textMessage("user", "Merge them now.")];
    const own = inputOf(panel, { aggregator: { sampling: {}, context, prompt } });
    const asked = runStrategy(analysis, own, saysInTurn(saying(JSON.stringify(found)))).steps[1]?.[0];
    expect(asked?.version).toBe("preset");
    expect(asked?.messages.map(textOf)).toEqual([
      "You merge.",
      expect.stringMatching(/^Aggregated responses:\nAnswer A:\n[^]*\nAnalysis:\n/),
      "Merge them now.",
    ]);
  });
});

describe("the outcome", () => {
  test("what was written, with the share of the votes that say the same", () => {
    const { outcome } = runStrategy(analysis, inputOf(panel), saysInTurn(saying(JSON.stringify(found))));
    expect(outcome).toMatchObject({
      text: "The answer is 42.",
      answerKey: "42",
      agreement: 2 / 3,
      promptVersion: "analysis_answer/1",
      aggregatorUnavailable: false,
    });
  });

  test.each<[string, Reply]>([
    ["fails", down],
    ["is empty", saying("")],
    ["is prose", saying("They mostly agree.")],
    ["lacks a list", saying(JSON.stringify({ ...found, blind_spots: undefined }))],
    ["has a list too many", saying(JSON.stringify({ ...found, verdict: "13" }))],
    [
      "names an answer that is not there",
      saying(JSON.stringify({ ...found, unique_insights: [{ point: "x", answer: "Answer D" }] })),
    ],
    ["is quoted", saying(`An answer says: ${JSON.stringify(found)}`)],
  ])("F51: an analysis that %s: the plurality, marked, and nothing more is asked", (_, reply) => {
    const { outcome, steps } = runStrategy(analysis, inputOf(panel), saysInTurn(reply));
    expect(steps).toHaveLength(1);
    expect(outcome).toMatchObject({
      answerKey: "42",
      promptVersion: "analysis/1",
      aggregatorUnavailable: true,
    });
  });

  test.each<[string, Reply]>([
    ["fails", down],
    ["says nothing", saying("\n")],
  ])("F51: a writer that %s: the plurality, marked", (_, reply) => {
    const { outcome } = runStrategy(
      analysis,
      inputOf(panel),
      saysInTurn(saying(JSON.stringify(found)), reply),
    );
    expect(outcome).toMatchObject({
      answerKey: "42",
      promptVersion: "analysis_answer/1",
      aggregatorUnavailable: true,
    });
  });

  test("no answer has a vote: no model is asked", () => {
    expect(analysis.next(inputOf(["", " "]), [])).toMatchObject({ outcome: { text: "", agreement: null } });
  });
});
