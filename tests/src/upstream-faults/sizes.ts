import { expect, it } from "vitest";

import { askModel } from "../harness/ask-model.js";
import { processesOf, residentBytes } from "../harness/processes.js";
import { askNeighbours } from "../harness/neighbours.js";
import type { FaultCase, Told } from "./fault-case.js";
import { callsOf, type FaultGroup, hoodOf, playNamed } from "./fault-house.js";

const mebibyte = 1024 * 1024;

/** What was written is paid for. */
const tooMuch: Told = { status: 502, code: "invalid_upstream_response", again: false };
const cut: Told = { status: 200, code: 502, finishReason: "error" };

const cases: readonly FaultCase[] = [
  {
    fault: "F16",
    name: "a line of 50 MB is cut",
    play: { kind: "huge_line" },
    told: tooMuch,
    paid: 1,
    streamed: tooMuch,
    fallback: [1, 1],
  },
  {
    fault: "F16",
    name: "a million tiny chunks are cut",
    play: { kind: "tiny_chunks" },
    told: tooMuch,
    paid: 1,
    streamed: cut,
  },
  {
    fault: "F16",
    name: "comments without end are cut",
    play: { kind: "comments", count: null, text: "x".repeat(8_192) },
    told: tooMuch,
    paid: 1,
  },
  {
    fault: "F17",
    name: "gzip that breaks off",
    play: { kind: "encoding", as: "truncated_gzip" },
    told: tooMuch,
    paid: 2,
  },
  {
    fault: "F17",
    name: "gzip that is none",
    play: { kind: "encoding", as: "not_gzip" },
    told: tooMuch,
    paid: 2,
    streamed: tooMuch,
  },
  {
    fault: "F17",
    name: "an encoding that nobody knows",
    play: { kind: "encoding", as: "unknown" },
    told: tooMuch,
    paid: 2,
  },
  {
    fault: "F17",
    name: "a gzip bomb is cut",
    play: { kind: "encoding", as: "gzip_bomb" },
    told: tooMuch,
    paid: 1,
    streamed: tooMuch,
  },
];

const heavy = cases.map(({ name }) => name).filter((name) => name.endsWith("cut"));

/** F16 and F17: upstreams that answer with too much. */
export const sizes: FaultGroup = {
  name: "sizes",
  cases,
  heavy: true,
  more(house) {
    it.each(heavy)("F16, F17: %s before it takes 64 MiB of memory", async (name) => {
      const { synod } = house();
      const { provider, model } = playNamed(house(), name);
      const before = callsOf(house(), model).length;
      // What the first calls leave behind is not of this one.
      await askNeighbours(hoodOf(house()));
      const pids = processesOf(synod);
      const usual = residentBytes(pids);
      let peak = usual;
      const watch = setInterval(() => (peak = Math.max(peak, residentBytes(pids))), 20);
      const answer = await askModel(synod.url, `${provider}/${model}`).finally(() => clearInterval(watch));
      expect(answer).toMatchObject({ status: 502, code: "invalid_upstream_response" });
      expect((peak - usual) / mebibyte).toBeLessThan(64);
      expect(callsOf(house(), model)).toHaveLength(before + 1);
    });
  },
};
