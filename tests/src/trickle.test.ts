import { expect, it } from "vitest";

import { askModel } from "./harness/ask-model.js";
import { deployments, startDeployment } from "./harness/deployment.js";
import { inspectable, liveBytes } from "./harness/live-memory.js";
import { processesOf } from "./harness/processes.js";
import { until } from "./harness/until.js";
import { fails, startUpstream } from "./harness/upstream.js";

/** Answers that trickle in at once, and for how long: 50,000 bytes, each on its own. One that is kept takes 100 bytes. */
const trickle = { answers: 100, bytesPerSecond: 100, ms: 5_000 } as const;

it.each(deployments)(
  "F12: memory is flat while a hundred answers trickle in, $name",
  { timeout: 90_000 },
  async (kind) => {
    await using upstream = await startUpstream();
    const { bytesPerSecond } = trickle;
    upstream.script([fails("acme/trickle", { kind: "trickle", bytesPerSecond })]);
    const timers = { first_token_timeout_ms: 60_000, total_timeout_ms: 60_000 };
    await using synod = await startDeployment(kind, {
      env: { ...upstream.env, ...inspectable },
      config: { providers: { groq: timers } },
    });
    const caller = new AbortController();
    const { signal } = caller;
    const asked = Array.from({ length: trickle.answers }, () =>
      askModel(synod.url, "groq/acme/trickle", { signal }).catch(() => "left"),
    );
    await until("all of them trickle", () => {
      return upstream.calls().filter(({ firstByteAt }) => firstByteAt !== null).length === trickle.answers;
    });
    const before = await liveBytes(synod);
    const start = performance.now();
    await until("many bytes have come", () => performance.now() - start > trickle.ms);
    const grown = (await liveBytes(synod)) - before;
    caller.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["left"]));
    // Each process grows a little by itself.
    expect(grown).toBeLessThan(1_500_000 + 500_000 * processesOf(synod).length);
    expect(upstream.calls()).toHaveLength(trickle.answers);
    const { control } = upstream.simulator;
    await until("nothing is left open", () => control.stats().inFlight === 0);
  },
);
