import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompletionJson, get, post, question, textOf } from "./harness/api.js";
import { type Deployment, deployments, startDeployment } from "./harness/deployment.js";
import { fails, members, panel, says, startUpstream, synthesis, type Upstream } from "./harness/upstream.js";
import { until } from "./harness/until.js";

/** An aggregation process as the launcher lists it. */
interface Listed {
  readonly url: string;
  readonly pid: number;
}

function aggregations(synod: Deployment): Listed[] {
  const lines = synod.output().matchAll(/^ *aggregation .*HTTP (\S+) .*pid (\d+)/gm);
  const newest = new Map<string, number>(); // a line for each start: the last one of an address counts
  for (const [, address, pid] of lines) if (address !== undefined) newest.set(address, Number(pid));
  return [...newest].map(([address, pid]) => ({ url: `http://${address}`, pid }));
}

async function served(process: Listed): Promise<number> {
  const { text } = await get(`${process.url}/metrics`);
  const lines = text.split("\n").filter((line) => /^synod_rpc_calls_total\{.*Aggregate/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

describe("two aggregation processes behind one target", () => {
  let upstream: Upstream;
  let synod: Deployment;

  beforeAll(async () => {
    upstream = await startUpstream();
    const { presets } = panel();
    const config = { presets: { ...presets, written: { ...presets.default, aggregation: synthesis } } };
    const args = ["--aggregations", "2"];
    synod = await startDeployment(deployments[1], { env: upstream.env, config, args });
  }, 60_000);
  afterAll(async () => {
    await synod.stop();
    await upstream[Symbol.asyncDispose]();
  });

  const run = async (): Promise<void> => {
    const answer = await post(`${synod.url}/v1/chat/completions`, question("Which number?"));
    expect(answer.status).toBe(200);
    expect(textOf(answer.json<CompletionJson>())).toBe("7");
    // A vote that was being counted when its process died is counted by the gateway, which says so.
    const { degraded } = answer.json<CompletionJson>().consensus;
    expect(degraded.filter((what) => what !== "aggregator_unavailable")).toEqual([]);
  };

  it(
    "both work; one killed under load fails no run; started again, it works again",
    { timeout: 60_000 },
    async () => {
      upstream.script([says(members.gemini, "7"), says(members.llama, "7"), says(members.mistral, "7")]);
      const [first, second] = aggregations(synod);
      if (first === undefined || second === undefined)
        throw new Error(`Two were not listed:\n${synod.output()}`);
      let runs = 0;
      const isUsed = async (...processes: Listed[]): Promise<boolean> => {
        await run();
        runs += 1;
        return (await Promise.all(processes.map(served))).every((calls) => calls > 0);
      };
      await until("both are used", () => isUsed(first, second));

      const before = runs;
      const load = async (): Promise<void> => {
        for (let i = 0; i < 25; i++, runs++) await run();
      };
      const loads = Array.from({ length: 8 }, load);
      await until("the load is on", () => runs > before + 20);
      process.kill(first.pid, "SIGKILL");
      await Promise.all(loads);

      await until("it is started again", () =>
        aggregations(synod).some((p) => p.url === first.url && p.pid !== first.pid),
      );
      await until("it is used again", () => isUsed(first));
      expect(upstream.calls()).toHaveLength(runs * 3);
    },
  );

  it("killed while its model writes, costs that call and not the run", { timeout: 60_000 }, async () => {
    upstream.script([
      says(members.gemini, "7"),
      says(members.llama, "7"),
      says(members.mistral, "7"),
      fails(members.aggregator, { kind: "slow_first_token", ms: 1_500 }),
    ]);
    const ask = () => post(`${synod.url}/v1/chat/completions`, question("Which number?", "synod/written"));
    const asked = Array.from({ length: 8 }, ask);
    const aggregating = () => upstream.calls().filter((call) => call.model === members.aggregator).length;
    await until("every run aggregates", () => aggregating() === 8);
    for (const { pid } of aggregations(synod)) process.kill(pid, "SIGKILL");
    for (const answer of await Promise.all(asked)) {
      expect(answer.status).toBe(200);
      const completion = answer.json<CompletionJson>();
      expect(textOf(completion)).toBe("7");
      expect(completion.consensus.degraded).toEqual(["aggregator_unavailable", "cost_unknown"]);
      expect(completion.consensus).toMatchObject({ cost_usd: null, calls: { made: 4 } });
    }
    expect(upstream.calls()).toHaveLength(8 * 4);
  });
});
