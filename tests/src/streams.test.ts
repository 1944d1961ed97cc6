import { type Simulator, startSimulator } from "@synod/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ConsensusJson, deltasOf, post, question, readSse } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";

/** What happens in the panel, as a chunk tells it. */
interface EventJson {
  readonly type: string;
  readonly member?: number;
  readonly text?: string;
}

const sumOf = (index: number) => ({ a: 123_456_789 + index * 1_000_003, b: 17 + index });

describe.each(deployments)("many streams at once, $name", (kind) => {
  let simulator: Simulator;
  let synod: Deployment;

  beforeAll(async () => {
    simulator = await startSimulator({ speed: 20 });
    synod = await startDeployment(kind, {
      env: { SYNOD_SIMULATOR_URL: simulator.url, SYNOD_LOG_LEVEL: "error" },
    });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await simulator[Symbol.asyncDispose]();
  });

  it(
    "200 panels, each with a sum of its own: no stream has a word of another",
    { timeout: 60_000 },
    async () => {
      const all = Array.from({ length: 200 }, (_, index) => sumOf(index));
      const results = new Set(all.map(({ a, b }) => String(a + b)));
      await Promise.all(
        all.map(async ({ a, b }, index) => {
          const stream = index % 2 === 0 ? "members" : "answer";
          const body = { ...question(`What is ${a} + ${b}?`), stream: true, consensus: { stream } };
          const { status, text } = await post(`${synod.url}/v1/chat/completions`, body);
          expect(status).toBe(200);
          const { chunks, done } = readSse(text);
          expect(done).toBe(true);
          const said = deltasOf(chunks)
            .map(({ delta }) => delta.content ?? "")
            .join("");
          expect(said).toContain(String(a + b));
          const events = chunks.flatMap((chunk) => (chunk["consensus_event"] as EventJson | undefined) ?? []);
          const written = (member: number): string =>
            events.map((event) => (event.member === member ? (event.text ?? "") : "")).join("");
          const members = [0, 1, 2, 3, 4].map(written);
          if (stream === "members") for (const own of members) expect(own).toMatch(/\d{9}/);
          else expect(events).toEqual([]);
          const consensus = chunks.at(-1)?.["consensus"] as ConsensusJson | undefined;
          const everything = [said, ...members, JSON.stringify(consensus?.dissent)]
            .join("\n")
            .replaceAll(",", "");
          const others = everything
            .match(/\d{9,}/g)
            ?.filter((sum) => sum !== String(a + b) && results.has(sum));
          expect(others).toEqual([]);
        }),
      );
      expect(simulator.control.stats()).toMatchObject({ inFlight: 0 });
      expect(simulator.control.ledger().filter(({ endpoint }) => endpoint === "chat")).toHaveLength(200 * 6);
    },
  );
});
