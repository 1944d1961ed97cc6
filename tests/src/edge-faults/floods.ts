import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";

import { get } from "../harness/api.js";
import { grpcClient } from "../harness/ask-grpc.js";
import { processesOf, residentBytes } from "../harness/processes.js";
import { until } from "../harness/until.js";
import { type EdgeHouse, expectHealthy, hanging, paidIn } from "./edge-house.js";
import { floods, preface } from "./frames.js";

const mebibyte = 1024 * 1024;
/** How many frames a flood has, and how many bytes at most. */
const [mostFrames, mostBytes] = [20_000, 8 * mebibyte];
/** So often a flood is measured at most: a machine that was busy is not so every time. */
const tries = 5;

function flood(make: (index: number) => Buffer): Buffer {
  const frames: Buffer[] = [preface];
  let bytes = 0;
  for (let index = 0; index < mostFrames && bytes < mostBytes; index += 1) {
    const next = make(index);
    frames.push(next);
    bytes += next.length;
  }
  return Buffer.concat(frames);
}

/** F41: floods over HTTP/2. */
export function testFloods(house: () => EdgeHouse): void {
  it.each(Object.entries(floods))("F41: %s: harm nobody else", async (_, make) => {
    const bytes = flood(make);
    const { synod } = house();
    const pids = processesOf(synod);
    const [before, resident] = [paidIn(house()), residentBytes(pids)];
    const slowest: number[] = [];
    while (slowest.length < tries && !slowest.some((ms) => ms < 500)) {
      slowest.push(await probeDuring(synod.grpcAddress, synod.url, bytes));
    }
    expect(Math.min(...slowest), `the slowest probes took ${slowest.join(", ")} ms`).toBeLessThan(500);
    expect(residentBytes(pids) - resident).toBeLessThan(100 * mebibyte);
    await expectHealthy(house());
    await using grpc = grpcClient(synod.grpcAddress);
    await grpc.ask("openrouter/acme/healthy");
    expect(paidIn(house()) - before).toBe(2);
  });

  it("F41: a call that is reset is cancelled at once", async () => {
    const { synod, upstream } = house();
    const before = paidIn(house());
    const inFlight = () => upstream.simulator.control.stats().inFlight;
    for (let round = 0; round < 3; round += 1) {
      const client = grpcClient(synod.grpcAddress);
      const asked = Array.from({ length: 10 }, () =>
        client.ask(`openrouter/${hanging.silent}`).catch(() => undefined),
      );
      await until("all are asked", () => inFlight() === 10);
      await client[Symbol.asyncDispose]();
      await Promise.all(asked);
      await until("all are cancelled", () => inFlight() === 0);
    }
    expect(paidIn(house()) - before).toBe(30);
    await expectHealthy(house());
  });
}

/** Sends a flood while it asks for health, and gives how long the slowest answer took, in milliseconds. */
async function probeDuring(grpcAddress: string, url: string, bytes: Buffer): Promise<number> {
  const [host = "", port] = grpcAddress.split(":");
  const socket = connect(Number(port), host);
  socket.on("error", () => undefined);
  socket.resume();
  await once(socket, "connect");
  let drained = false;
  socket.on("close", () => (drained = true));
  socket.write(bytes, () => (drained = true));
  let slowest = 0;
  // What is sent may never be read to its end: then it is the server that is steady.
  for (let probe = 0; probe < 50 && (probe < 10 || !drained); probe += 1) {
    const started = performance.now();
    expect((await get(`${url}/healthz`)).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - started);
  }
  socket.destroy();
  return slowest;
}
