import { expect, it } from "vitest";

import { get } from "../harness/api.js";
import { type DeploymentKind, deployments } from "../harness/deployment.js";
import { until } from "../harness/until.js";
import { type EdgeHouse, expectHealthy, paidIn } from "./edge-house.js";

/** A module that is loaded before Synod: by a signal something goes wrong where nobody catches it. */
const faulty = `
process.on("SIGUSR2", () => void Promise.reject(new Error("left rejected on purpose")));
process.on("SIGWINCH", () => { setImmediate(() => { throw new Error("thrown on purpose"); }); });
`;

/** The environment of the house that these tests need. */
export const faultyEnvironment = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(faulty)}`,
} as const;

/** F62: defects where nobody catches them. The house has `faultyEnvironment`. */
export function testDefects(house: () => EdgeHouse, kind: DeploymentKind): void {
  const isCluster = kind === deployments[1];
  const gateway = (): number => {
    const { output, process } = house().synod;
    const pids = [...output().matchAll(/^ *chat-gateway .*pid (\d+)$/gm)];
    return Number(pids.at(-1)?.[1] ?? process.pid);
  };

  it("F62: a promise that is left rejected ends nothing, and is logged", async () => {
    const before = paidIn(house());
    process.kill(gateway(), "SIGUSR2");
    await until("it is logged", () => house().synod.output().includes("left rejected on purpose"));
    await expectHealthy(house());
    expect(paidIn(house()) - before).toBe(1);
  });

  it("F62: after something thrown the process ends in order, and the launcher starts it again", async () => {
    const { synod } = house();
    const broken = gateway();
    process.kill(broken, "SIGWINCH");
    await until("it is logged", () => synod.output().includes("thrown on purpose"));
    if (!isCluster) {
      await until("it has ended", () => synod.process.exitCode !== null);
      expect(synod.process.exitCode).toBe(1);
      return;
    }
    await until("another one runs", () => gateway() !== broken);
    await until(
      "it is ready",
      async () => (await get(`${synod.url}/readyz`).catch(() => ({ status: 0 }))).status === 200,
    );
    await expectHealthy(house());
  });
}
