import { connect } from "node:net";
import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { processesOf, residentBytes } from "../harness/processes.js";
import { question } from "../harness/api.js";
import { until } from "../harness/until.js";
import { type EdgeHouse, expectHealthy, hanging, paidIn } from "./edge-house.js";
import { floodPieces } from "./flood-server.js";
import { sendRaw } from "./raw.js";

const mebibyte = 1024 * 1024;

/** Callers who leave, and callers who do not read. */
export function testLeaving(house: () => EdgeHouse): void {
  const inFlight = (): number => house().upstream.simulator.control.stats().inFlight;
  const members = {
    members: [{ model: `openrouter/${hanging.silent}` }, { model: `openrouter/${hanging.begun}` }],
  };
  const asked = { ...question("?"), consensus: { ...members, quorum: 2 } };

  it.each([
    ["of a panel", { ...asked }, 2],
    ["of a panel, streamed", { ...asked, stream: true }, 2],
    ["of one model", question("?", `openrouter/${hanging.begun}`), 1],
    ["of one model, streamed", { ...question("?", `openrouter/${hanging.begun}`), stream: true }, 1],
  ])("F25: a caller who leaves ends every call: %s", async (_, body, paid) => {
    const before = paidIn(house());
    const caller = new AbortController();
    const left = fetch(`${house().synod.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: caller.signal,
    }).then((response) => response.text());
    const failed = expect(left).rejects.toThrow();
    await until("all are asked", () => inFlight() === paid);
    caller.abort();
    await failed;
    await until("all are closed", () => inFlight() === 0);
    expect(paidIn(house()) - before).toBe(paid);
    await expectHealthy(house());
  });

  it("F25: a caller who leaves over gRPC ends every call", async () => {
    const before = paidIn(house());
    const client = grpcClient(house().synod.grpcAddress);
    const left = expect(client.ask(`openrouter/${hanging.silent}`)).rejects.toThrow();
    await until("it is asked", () => inFlight() === 1);
    await client[Symbol.asyncDispose]();
    await left;
    await until("it is closed", () => inFlight() === 0);
    expect(paidIn(house()) - before).toBe(1);
    await expectHealthy(house());
  });

  it("F26: a caller who does not read holds up its own model alone, in bounded memory", async () => {
    const { synod, flood } = house();
    const pids = processesOf(synod);
    const body = JSON.stringify({ ...question("?", "flood/m"), stream: true });
    const request = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    // Whoever reads gets it whole; by then the code is warm.
    expect((await sendRaw(synod.url, request)).text.length).toBeGreaterThan(floodPieces * 100_000);
    const resident = residentBytes(pids);
    const before = paidIn(house());
    const { hostname, port } = new URL(synod.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.pause();
    socket.write(request);
    await until("it is asked", () => flood.calls === 2);
    let [last, same] = [0, 0];
    await until("the model is held up", () => {
      same = flood.taken === last ? same + 1 : 0;
      last = flood.taken;
      return same > 30;
    });
    expect(flood.left).toBe(false);
    expect(last).toBeLessThan(floodPieces);
    expect(residentBytes(pids) - resident).toBeLessThan(64 * mebibyte);
    await expectHealthy(house());
    socket.destroy();
    await until("its call is closed", () => flood.left);
    expect(flood.calls).toBe(2);
    expect(paidIn(house()) - before).toBe(1);
  });
}
