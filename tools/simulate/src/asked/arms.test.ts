import { strategies } from "@synod/consensus";
import { expect, test } from "vitest";
import { configFor, LOSSLESS, memberArms, strategyArms } from "./arms.js";
import { panels } from "./panels.js";

test.each(panels)("every strategy of $name is an arm with a preset of its own", (panel) => {
  const arms = strategyArms(panel);
  expect(arms.map(({ name }) => name).toSorted()).toEqual([...Object.keys(strategies), LOSSLESS].toSorted());
  const { presets } = configFor([panel]) as { presets: Record<string, object> };
  expect(arms.map(({ model }) => model.replace("synod/", "")).toSorted()).toEqual(
    Object.keys(presets).toSorted(),
  );
});

test("the best member stands first, and nobody is asked by two names", () => {
  for (const { members } of panels) {
    expect(Math.max(...members.map(({ ability }) => ability))).toBe(members[0]?.ability);
  }
  const asked = panels.flatMap(memberArms).map(({ model }) => model);
  expect(new Set(asked).size).toBe(asked.length);
});
