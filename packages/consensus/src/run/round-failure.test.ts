import { describe, expect, test } from "vitest";
import { runScript, type Says, type ScriptedRun } from "../testing/scripted-run.js";
import { completion, failure, specWith } from "../testing/specs.js";

const runSaying = (says: readonly Says[]): ScriptedRun =>
  runScript(specWith(), { members: (_, voter) => says[voter] ?? "" });

describe("a round without its quorum", () => {
  test("F62: tells that there was no room for any of its members", () => {
    const noRoom = failure("overloaded");
    expect(runSaying([noRoom, noRoom, noRoom]).record.result).toMatchObject({
      failure: { reason: "overloaded", retryable: true },
    });
  });

  test.each(["context_length_exceeded", "upstream_rejected", "invalid_value"] as const)(
    "F56: tells what none of its members takes as the request's own fault: %s",
    (reason) => {
      const alike = failure(reason, { retryable: false, message: "Too long." });
      expect(runSaying([alike, alike, alike]).record.result).toMatchObject({
        failure: { reason, message: "All 3 members failed alike: Too long.", retryable: false },
      });
      expect(runSaying([alike, failure("upstream_error"), alike]).record.result).toMatchObject({
        failure: { reason: "all_models_failed" },
      });
    },
  );

  test("F19: a panel whose providers will not pass the question on has refused too", () => {
    const moderated = failure("refused", { retryable: false });
    const all = [moderated, completion("", { refusal: "I will not." }), moderated];
    expect(runSaying(all).record.result).toMatchObject({
      failure: { reason: "refused", message: "All 3 members refused to answer.", retryable: false },
    });
    const mixed = [moderated, failure("upstream_error"), "42"];
    expect(runSaying(mixed).record.result).toMatchObject({
      failure: {
        reason: "quorum_not_met",
        message: "1 of 3 answers are usable, 2 are needed; 1 failed; 1 refused.",
        retryable: true,
      },
    });
  });
});
