import { expect, test } from "vitest";
import { dependencyMistakes } from "./rooms.mjs";

const project = (folder, dependencies = [], devDependencies = []) => ({
  name: `@synod/${folder.split("/").at(-1)}`,
  folder,
  dependencies: Object.fromEntries(dependencies.map((name) => [name, "0.1.0"])),
  devDependencies: Object.fromEntries(devDependencies.map((name) => [name, "0.1.0"])),
});

test.each([
  ["packages/contracts", "@synod/consensus"],
  ["packages/consensus", "@synod/contracts"],
  ["packages/consensus", "undici"],
  ["packages/rpc", "@synod/round"],
  ["packages/settings", "@synod/simulator"],
  ["services/round", "@synod/judge"],
  ["services/chat-gateway", "@synod/all-in-one"],
  ["services/judge", "@synod/simulator"],
  ["services/all-in-one", "@synod/tests"],
  ["tools/bench", "@synod/tests"],
])("%s may not depend on %s", (folder, other) => {
  expect(dependencyMistakes([project(folder, [other])])).toEqual([
    `${folder}/package.json: ${project(folder).name} may not depend on ${other}`,
  ]);
});

test("a service may not depend on another for its tests either", () => {
  expect(dependencyMistakes([project("services/round", [], ["@synod/judge"])])).toHaveLength(1);
  expect(dependencyMistakes([project("services/round", [], ["@synod/simulator", "@synod/testing"])])).toEqual(
    [],
  );
});

test("a folder in no room is told", () => {
  expect(dependencyMistakes([project("extras/new")])).toEqual([
    "extras/new is in no room: add it to tools/dev/run/rooms.mjs",
  ]);
});
