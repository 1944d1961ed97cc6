import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { askModel, type ModelAnswer } from "../harness/ask-model.js";
import { deployments } from "../harness/deployment.js";
import { areUndisturbed, askNeighbours, type NeighbourTimes } from "../harness/neighbours.js";
import { until } from "../harness/until.js";
import { expectPaid, expectTold } from "./expectations.js";
import { type FaultCase, type Play, playsOf, spareText, type Way } from "./fault-case.js";
import { type FaultGroup, type FaultHouse, hoodOf, spare, startFaultHouse } from "./fault-house.js";

/**
 * Runs groups of tests in both deployments, each of which is started once. Of each case: what a caller is told, how many
 * upstream calls are made, and that neighbours, of the same provider and of another, answer in under twice their usual
 * time meanwhile.
 */
export function testFaultGroups(groups: readonly FaultGroup[]): void {
  describe.each(deployments)("$name", (kind) => {
    let house: FaultHouse;
    beforeAll(async () => {
      house = await startFaultHouse(kind, groups);
    }, 60_000);
    afterAll(() => house[Symbol.asyncDispose]());

    // Most of a case is waiting, so the cases of all groups wait together.
    testCases(
      groups.flatMap(({ cases, heavy }) => (heavy === true ? [] : cases)),
      () => house,
    );
    for (const { name, cases, heavy, more } of groups) {
      describe(name, () => {
        if (heavy === true) testCases(cases, () => house);
        testNeighbours(cases, () => house);
        more?.(() => house);
      });
    }

    it("writes neither a key nor a warning of Node in all that time", () => {
      const lines = house.synod.output().split("\n");
      expect(lines.filter((line) => /key-of-|canary|^\(node:.*Warning/.test(line))).toEqual([]);
    });
  });
}

function testCases(cases: readonly FaultCase[], started: () => FaultHouse): void {
  const plays = (way: Way) =>
    playsOf(cases)
      .filter((play) => play.way === way)
      .map((play) => [`${play.given.fault}: ${play.given.name}`, play] as const);

  it.concurrent.each(plays("unary"))("%s", async (_, play) => {
    const house = started();
    expectTold(await askPlay(house, play, false), play.given.told);
    expectPaid(house, play);
  });

  it.concurrent.each(plays("streamed"))("%s, streamed", async (_, play) => {
    const house = started();
    const answer = await askPlay(house, play, true);
    expectTold(answer, play.given.streamed ?? play.given.told);
    expect(answer.done).toBe(true);
    expectPaid(house, play);
  });

  it.concurrent.each(plays("fallback"))("%s, of a member with a fallback", async (_, { given, ...play }) => {
    const { synod, upstream } = started();
    const text = `Of ${play.provider}: what is 17 * 23?`;
    const answer = await askModel(synod.url, `synod/${play.provider}`, { text });
    const asked = upstream.calls().filter(({ body }) => JSON.stringify(body).includes(text));
    const of = (model: string) => asked.filter((call) => call.model === model).length;
    const paid = [of(play.model), of(spare.model)];
    expect(paid).toEqual(given.fallback);
    expect(answer.text).toBe(paid[1] === 0 ? "" : spareText);
  });
}

/** So often neighbours are measured at most: a machine that was busy with something else is not so every time. */
const measurements = 10;

function testNeighbours(cases: readonly FaultCase[], started: () => FaultHouse): void {
  const numbers = [...new Set(cases.map(({ fault }) => fault))];
  const title = "%s: slows no neighbour, of the same provider or of another";
  it.each(numbers)(title, { timeout: 60_000 }, async (fault) => {
    const { plays, usual } = started();
    const beside = plays.filter(({ given, way }) => way === "beside" && given.fault === fault);
    const near = beside.filter(({ given }) => given.spoilsProvider !== true);
    const providers = near.map(({ provider }) => provider);
    const seen: NeighbourTimes[] = [];
    while (seen.length < measurements && !seen.some((times) => areUndisturbed(times, usual))) {
      seen.push(await measureBeside(started(), beside, providers));
    }
    expect(
      seen.some((times) => areUndisturbed(times, usual)),
      JSON.stringify({ usual, seen }),
    ).toBe(true);
  });
}

async function measureBeside(
  house: FaultHouse,
  plays: readonly Play[],
  providers: readonly string[],
): Promise<NeighbourTimes> {
  const left = plays.map((play) => askAndLeave(house, play));
  const times = await askNeighbours(hoodOf(house, providers));
  await Promise.all(left.map((leave) => leave()));
  const { control } = house.upstream.simulator;
  await until("nothing is left open", () => control.stats().inFlight === 0);
  return times;
}

function askPlay(house: FaultHouse, play: Play, stream: boolean, signal?: AbortSignal): Promise<ModelAnswer> {
  const { body = {}, headers = {} } = play.given;
  return askModel(house.synod.url, `${play.provider}/${play.model}`, {
    stream,
    body,
    headers,
    ...(signal !== undefined && { signal }),
  });
}

/** Asks, and gives what leaves before the answer, if that has not come. */
function askAndLeave(house: FaultHouse, play: Play): () => Promise<unknown> {
  const caller = new AbortController();
  const asked = askPlay(house, play, true, caller.signal).catch((error: unknown) => {
    if (!caller.signal.aborted) throw error;
  });
  return () => {
    caller.abort();
    return asked;
  };
}
