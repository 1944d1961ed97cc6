import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { deployments } from "../harness/deployment.js";
import { skewedEnvironment, testClocks } from "./clocks.js";
import { testDeadlines } from "./deadlines.js";
import { faultyEnvironment, testDefects } from "./defects.js";
import { maxFiles, testDescriptors } from "./descriptors.js";
import { type EdgeHouse, startEdgeHouse } from "./edge-house.js";
import { testLeaving } from "./leaving.js";
import { overloadLimits, testOverload } from "./overload.js";
import { testValues } from "./values.js";

const hookTimeout = 60_000;

describe.each(deployments)("the edge, $name", (kind) => {
  let house: EdgeHouse;
  beforeAll(async () => {
    house = await startEdgeHouse(kind);
  }, hookTimeout);
  afterAll(() => house[Symbol.asyncDispose](), hookTimeout);

  testLeaving(() => house);
  testDeadlines(() => house);
  testValues(() => house);

  it("writes no warning of Node in all that time", () => {
    const warnings = house.synod
      .output()
      .split("\n")
      .filter((line) => /^\(node:.*Warning/.test(line));
    expect(warnings).toEqual([]);
  });
});

describe.each(deployments)("a full house whose clocks are wrong, $name", (kind) => {
  let house: EdgeHouse;
  beforeAll(async () => {
    house = await startEdgeHouse(kind, { limits: overloadLimits, env: skewedEnvironment });
  }, hookTimeout);
  afterAll(() => house[Symbol.asyncDispose](), hookTimeout);

  testOverload(() => house);
  testClocks(() => house);
});

describe.each(deployments)("a house without descriptors, $name", (kind) => {
  let house: EdgeHouse;
  beforeAll(async () => {
    house = await startEdgeHouse(kind, { maxFiles });
  }, hookTimeout);
  afterAll(() => house[Symbol.asyncDispose](), hookTimeout);

  testDescriptors(() => house);
});

describe.each(deployments)("a house with defects, $name", (kind) => {
  let house: EdgeHouse;
  beforeAll(async () => {
    house = await startEdgeHouse(kind, { env: faultyEnvironment });
  }, hookTimeout);
  afterAll(() => house[Symbol.asyncDispose](), hookTimeout);

  testDefects(() => house, kind);
});
