import { describe, expect, test } from "vitest";
import { answersSaying } from "../testing/answers.js";
import {
  answersIn,
  down,
  inputOf,
  type Model,
  runStrategy,
  saying,
  textOf,
} from "../testing/strategy-run.js";
import { layered } from "./layered.js";
import type { Prompt } from "./strategy.js";

const panel = ["Answer: 42", "Answer: 41", "Answer: 40"];
const members = [0.1, 0.2, 0.3].map((temperature) => ({ sampling: { temperature } }));

/** Members answer again as given by their position; the aggregator writes the answer that it sees first. */
const again =
  (...texts: readonly (string | null)[]): Model =>
  ({ to, ...prompt }) => {
    const text = to === "aggregator" ? (answersIn({ to, ...prompt })[0]?.text ?? "") : texts[to];
    return text == null ? down : saying(text);
  };
const shownTo = (prompt: Prompt | undefined): readonly string[] =>
  prompt === undefined ? [] : answersIn(prompt).map(({ text }) => text);

describe("the questions", () => {
  const input = inputOf(panel, { members });
  const { steps } = runStrategy(layered, input, again("Answer: 42", "Answer: 43", "Answer: 44"));
  const [layer, last] = steps;

  test("every member again with its own settings, then one synthesis of what they say now", () => {
    expect(steps.map((prompts) => prompts.length)).toEqual(layered.calls(3));
    expect(layer?.map(({ to, sampling, version }) => [to, sampling, version])).toEqual([
      [0, { temperature: 0.1 }, "layered/1"],
      [1, { temperature: 0.2 }, "layered/1"],
      [2, { temperature: 0.3 }, "layered/1"],
    ]);
    expect(last?.map(({ to, version }) => [to, version])).toEqual([["aggregator", "synthesis/1"]]);
    expect(shownTo(last?.[0]).toSorted()).toEqual(["Answer: 42", "Answer: 43", "Answer: 44"]);
  });

  test("a member sees the conversation as it is, then all answers as references", () => {
    const prompt = layer?.[1];
    expect(prompt?.messages.slice(0, 2)).toEqual(input.conversation);
    expect(prompt?.messages.slice(2).map(({ role }) => role)).toEqual(["system", "user"]);
    expect(shownTo(prompt).toSorted()).toEqual(panel.toSorted());
    expect(textOf(prompt?.messages[3]).split("\n\n").at(-1)).toMatch(/^Answer the last message/);
  });

  test("each in an order of its own", () => {
    const orders = Array.from({ length: 20 }, (_, seed) =>
      runStrategy(layered, inputOf(panel, { seed }), again()).steps[0]?.map(shownTo),
    );
    expect(orders.some((order) => new Set(order?.map(String)).size > 1)).toBe(true);
  });

  test.each([
    [1, [1]],
    [2, [3, 1]],
    [4, [3, 3, 3, 1]],
  ])("%i layers", (layers, calls) => {
    let turn = 0;
    const model: Model = () => saying(`Answer: ${turn++}`);
    expect(layered.calls(3, layers)).toEqual(calls);
    expect(
      runStrategy(layered, inputOf(panel, { layers }), model).steps.map((prompts) => prompts.length),
    ).toEqual(calls);
  });

  test("a sample is a voter of its own: its member is asked for each", () => {
    const [a, b] = answersSaying(["Answer: 1", "Answer: 2"]);
    if (a === undefined || b === undefined) throw new Error("two answers were made");
    const answers = [a, { ...b, voter: { member: 1, sample: 1 } }, { ...b, voter: { member: 1, sample: 2 } }];
    const asked = runStrategy(layered, inputOf([], { answers }), again("Answer: 1", "Answer: 1")).steps[0];
    expect(asked?.map(({ to }) => to)).toEqual([0, 1, 1]);
  });

  test("an answer without a vote is no reference, but its member is asked again", () => {
    const numbers = inputOf(["Answer: 42", "I do not know"], { answerFormat: "number" });
    const { steps: asked, outcome } = runStrategy(layered, numbers, again("Answer: 42", "Answer: 42"));
    expect(asked[0]?.map(shownTo)).toEqual([["Answer: 42"], ["Answer: 42"]]);
    expect(outcome).toMatchObject({ agreement: 1 });
    expect(outcome.votes.every(({ counted }) => counted)).toBe(true);
  });
});

describe("the outcome", () => {
  test("the synthesis of the last layer, with its votes", () => {
    const { outcome } = runStrategy(layered, inputOf(panel), again("Answer: 7", "Answer: 7", "Answer: 7"));
    expect(outcome).toMatchObject({
      text: "Answer: 7",
      answerKey: "7",
      agreement: 1,
      promptVersion: "synthesis/1",
      aggregatorUnavailable: false,
    });
    expect(outcome.votes.map(({ answerKey, voter }) => [voter.member, answerKey])).toEqual([
      [0, "7"],
      [1, "7"],
      [2, "7"],
    ]);
  });

  test.each([
    ["fails", null],
    ["says nothing", " "],
    ["gives no number", "I cannot tell."],
  ])("a member that %s keeps the answer that it gave before", (_, text) => {
    const numbers = inputOf(panel, { answerFormat: "number" });
    const { outcome } = runStrategy(layered, numbers, again("Answer: 42", text, "Answer: 42"));
    expect(outcome.votes.map(({ answerKey }) => answerKey)).toEqual(["42", "41", "42"]);
    expect(outcome.aggregatorUnavailable).toBe(false);
  });

  test("nobody answers again: no further layer is asked, the panel's answers are synthesised", () => {
    const { outcome, steps } = runStrategy(layered, inputOf(panel, { layers: 4 }), again(null, null, null));
    expect(steps.map((prompts) => prompts.length)).toEqual([3, 1]);
    expect(outcome.votes.map(({ answerKey }) => answerKey)).toEqual(["42", "41", "40"]);
  });

  test("F19: a reply that was cut weighs half", () => {
    const model: Model = ({ to }) =>
      to === 1 ? { status: "answered", text: "Answer: 8", truncated: true } : saying("Answer: 9");
    const { votes } = runStrategy(layered, inputOf(panel), model).outcome;
    expect(votes.map(({ weight }) => weight)).toEqual([1, 0.5, 1]);
  });

  test("F51: the aggregator fails: the plurality of the last layer, marked", () => {
    const model: Model = ({ to }) => (to === "aggregator" ? down : saying(`Answer: ${to === 0 ? 1 : 2}`));
    expect(runStrategy(layered, inputOf(panel), model).outcome).toMatchObject({
      answerKey: "2",
      promptVersion: "synthesis/1",
      aggregatorUnavailable: true,
    });
  });

  test("no answer has a vote: no model is asked", () => {
    expect(layered.next(inputOf(["", " "]), [])).toMatchObject({ outcome: { text: "", agreement: null } });
  });
});
