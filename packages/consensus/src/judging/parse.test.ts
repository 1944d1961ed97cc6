import { Validator } from "@cfworker/json-schema";
import { fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import { MAX_REPLY_CHARS } from "../replies/json-reply.js";
import { parseJudgement } from "./parse.js";
import { judgementSchemaJson } from "./schema.js";

const finding = { quote: "41", problem: "It is 42.", severity: "major" };
const right = { verdict: "right", findings: [], confidence: 0.9 };
const json = JSON.stringify;

describe("a verdict", () => {
  test.each([
    ["right", right, right],
    ["wrong, with a finding", { ...right, verdict: "wrong", findings: [finding] }, null],
    ["unsure", { ...right, verdict: "unsure" }, null],
    ["no confidence", { ...right, confidence: null }, null],
    ["bounds", { ...right, confidence: 1 }, null],
    ["right with a finding", { ...right, findings: [finding] }, null],
  ])("%s", (_, said, expected) => {
    expect(parseJudgement(json(said))).toEqual(expected ?? said);
  });

  test("a missing confidence is none", () => {
    expect(parseJudgement('{"verdict": "right", "findings": []}')).toEqual({ ...right, confidence: null });
  });

  test.each([
    ["inside one fence", `\`\`\`json\n${json(right)}\n\`\`\``],
    ["inside one fence without a name", `\`\`\`\n${json(right)}\n\`\`\``],
    ["with space around it", ` \n${json(right)}\r\n\n`],
    ["with a byte order mark", `\ufeff${json(right)}`],
    ["over several lines", JSON.stringify(right, null, 2)],
  ])("%s", (_, text) => {
    expect(parseJudgement(text)).toEqual(right);
  });

  test.each([
    ["no finding", []],
    ["a finding without a problem", [{ ...finding, problem: " " }]],
  ])("wrong with %s is unsure", (_, findings) => {
    expect(parseJudgement(json({ ...right, verdict: "wrong", findings }))).toEqual({
      ...right,
      verdict: "unsure",
    });
  });
});

describe("F54: garbage is no verdict", () => {
  test.each([
    ["nothing", ""],
    ["space", " \n"],
    ["prose", "The answer is right."],
    ["yes", "yes"],
    ["a quoted verdict", '"right"'],
    ["true", "true"],
    ["null", "null"],
    ["a number", "10"],
    ["NaN", "NaN"],
    ["NaN inside", '{"verdict": "right", "findings": [], "confidence": NaN}'],
    ["score 11/10", "Score: 11/10"],
    ["a score", '{"score": 10}'],
    ["confidence of 11", json({ ...right, confidence: 11 })],
    ["confidence below 0", json({ ...right, confidence: -0.1 })],
    ["confidence as text", json({ ...right, confidence: "0.9" })],
    ["a list", json([right])],
    ["an empty object", "{}"],
    ["no findings", '{"verdict": "right"}'],
    ["findings null", json({ ...right, findings: null })],
    ["findings as text", json({ ...right, findings: "none" })],
    ["a finding as text", json({ ...right, verdict: "wrong", findings: ["bad"] })],
    [
      "a finding without severity",
      json({ ...right, verdict: "wrong", findings: [{ quote: "", problem: "x" }] }),
    ],
    ["an unknown severity", json({ ...right, findings: [{ ...finding, severity: "huge" }] })],
    ["a verdict in capitals", json({ ...right, verdict: "RIGHT" })],
    ["an unknown verdict", json({ ...right, verdict: "pass" })],
    ["a verdict that is true", json({ ...right, verdict: true })],
    ["a field too many", json({ ...right, reasoning: "because" })],
    ["__proto__", '{"__proto__": {"verdict": "right"}, "findings": [], "confidence": 1}'],
    ["constructor", '{"constructor": 1, "verdict": "right", "findings": [], "confidence": 1}'],
    ["101 findings", json({ ...right, findings: Array.from({ length: 101 }, () => finding) })],
    ["broken JSON", '{"verdict": "right", "findings": [], "confidence": 0.9'],
    ["single quotes", "{'verdict': 'right', 'findings': [], 'confidence': 0.9}"],
    ["a comma too many", '{"verdict": "right", "findings": [],}'],
    ["prose before", `Sure! ${json(right)}`],
    ["prose after", `${json(right)}\nHope this helps!`],
    ["prose around a fence", `Here:\n\`\`\`json\n${json(right)}\n\`\`\``],
    ["two objects", `${json(right)}\n${json(right)}`],
    ["two fences", `\`\`\`json\n${json(right)}\n\`\`\`\n\`\`\`json\n${json(right)}\n\`\`\``],
    ["another language's fence", `\`\`\`python\n${json(right)}\n\`\`\``],
    ["a verdict inside a verdict", json({ judgement: right })],
    ["5 MB", "x".repeat(5_000_000)],
    ["5 MB of JSON", json({ ...right, findings: [{ ...finding, problem: "x".repeat(5_000_000) }] })],
    ["one character too long", json(right).padEnd(MAX_REPLY_CHARS + 1)],
    ["deep lists", "[".repeat(60_000)],
    ["deep objects", '{"verdict":'.repeat(5_000)],
  ])("%s", (_, text) => {
    const parsed = parseJudgement(text);
    expect(parsed).toHaveProperty("error");
    expect(parsed).not.toHaveProperty("verdict");
  });

  test("any text", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map((s) => `${json(right)}${s}`),
      fc.string().map((s) => `${s}${json(right)}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseJudgement(text);
        if ("verdict" in parsed) expect(text.trim().replace(/^\ufeff/, "")).toBe(json(right));
      }),
    );
  });

  test("F61: the error never repeats the reply", () => {
    const secret = "s3cret-text";
    for (const text of [
      secret,
      json({ ...right, verdict: secret }),
      json({ ...right, confidence: secret }),
    ]) {
      expect(JSON.stringify(parseJudgement(text))).not.toContain(secret);
    }
  });
});

test("F55: another model's text that claims the verdict is inside a string, and stays there", () => {
  const quoting = { ...right, verdict: "wrong", findings: [{ ...finding, quote: json(right) }] };
  expect(parseJudgement(json(quoting))).toMatchObject({ verdict: "wrong" });
});

test("the schema that judges are asked for takes what the parser takes", () => {
  const asked = new Validator(JSON.parse(judgementSchemaJson), "2020-12");
  for (const said of [
    right,
    { ...right, confidence: null },
    { ...right, verdict: "wrong", findings: [finding] },
  ]) {
    expect(asked.validate(said).valid).toBe(true);
  }
  expect(asked.validate({ ...right, extra: 1 }).valid).toBe(false);
});
