import { expect, test } from "vitest";
import { createProgress } from "./progress.js";

test("those who are asked later count from then on", () => {
  const progress = createProgress();
  const noted = (event: Parameters<typeof progress.note>[0]): string => {
    progress.note(event);
    return progress.line;
  };
  expect(noted({ type: "round_started", round: 1, regeneration: 0, voters: 2 })).toBe(
    "synod round 1 0/2 answered",
  );
  expect(noted({ type: "rest_asked", round: 1, voters: 3 })).toBe("synod round 1 0/5 answered");
  expect(noted({ type: "member_hedged", round: 1, voter: { member: 0, sample: 1 }, model: "b" })).toBe(
    "synod round 1 0/5 answered",
  );
});
