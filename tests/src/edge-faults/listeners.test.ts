import { afterAll, beforeAll, describe } from "vitest";

import { deployments } from "../harness/deployment.js";
import { type EdgeHouse, startEdgeHouse } from "./edge-house.js";
import { testFloods } from "./floods.js";
import { testSizes } from "./sizes.js";
import { beginSlowly, type SlowCallers, testSlow } from "./slow.js";
import { testSmuggling } from "./smuggling.js";

// The same in both deployments: what is tested here never reaches a route.
describe("the listeners", () => {
  let house: EdgeHouse;
  let slow: SlowCallers;
  beforeAll(async () => {
    house = await startEdgeHouse(deployments[0]);
    slow = beginSlowly(house);
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose](), 60_000);

  testSizes(() => house);
  testSmuggling(() => house);
  testFloods(() => house);
  testSlow(
    () => house,
    () => slow,
  );
});
