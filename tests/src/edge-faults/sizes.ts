import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

import { get, post, question } from "../harness/api.js";
import { processesOf, residentBytes } from "../harness/processes.js";
import { complete, type EdgeHouse, expectPaid } from "./edge-house.js";
import { sendRaw } from "./raw.js";

const mebibyte = 1024 * 1024;
const chat = "/synod.chat.v1.ChatService/Chat";
const head = (more: string): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;

/** Requests that are too large, or become so. */
export function testSizes(house: () => EdgeHouse): void {
  it("F34: a body over the limit is 413, said beforehand or not, and its connection is closed", async () => {
    await expectPaid(house(), 0, async () => {
      const { url } = house().synod;
      const told = await sendRaw(url, head(`Content-Length: ${10 * mebibyte}`));
      expect([told.statuses, told.text.includes("request_too_large")]).toEqual([[413], true]);
      const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
      const endless = await sendRaw(url, head("Transfer-Encoding: chunked") + piece.repeat(160));
      expect(endless.statuses).toEqual([413]);
      const large = await complete(house(), question("x".repeat(5 * mebibyte)));
      expect(large.status).toBe(413);
      const rpc = await post(`${url}${chat}`, { model: "x".repeat(5 * mebibyte) });
      expect(rpc.json()).toMatchObject({ code: "resource_exhausted" });
    });
  });

  it("F34: a body that is longer than it says is no second request", async () => {
    await expectPaid(house(), 0, async () => {
      const { url } = house().synod;
      const lying = await sendRaw(url, `${head("Content-Length: 2")}{}, "model": 1}\r\n\r\n`);
      expect(
        lying.statuses.every((status) => status === 400),
        lying.text,
      ).toBe(true);
    });
  });

  it("F35: nothing is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * mebibyte));
    const before = residentBytes(processesOf(house().synod));
    await expectPaid(house(), 0, async () => {
      const { url } = house().synod;
      for (const [path, headers] of [
        ["/v1/chat/completions", { "content-encoding": "gzip" }],
        [chat, { "content-encoding": "gzip" }],
        [chat, { "content-type": "application/grpc-web+proto", "grpc-encoding": "gzip" }],
      ] as const) {
        const response = await fetch(`${url}${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: bomb,
        });
        const refused = response.status >= 400 || response.headers.get("grpc-status") !== "0";
        expect([refused, response.status < 500 || response.status === 501]).toEqual([true, true]);
        await response.arrayBuffer();
      }
    });
    expect(residentBytes(processesOf(house().synod)) - before).toBeLessThan(64 * mebibyte);
  });

  const message = { role: "user", content: "x" };
  const monsters: readonly (readonly [string, string])[] = [
    ["10,000 messages", JSON.stringify({ model: "synod/default", messages: Array(10_000).fill(message) })],
    ["100,000 levels", `{"model":"synod/default","messages":${"[".repeat(100_000)}`],
    [
      "a million keys",
      `{"model":"synod/default",${Array.from({ length: 300_000 }, (_, key) => `"k${key}":1`).join()}}`,
    ],
    ["40,000 members", JSON.stringify({ ...question("?"), consensus: { members: Array(40_000).fill({}) } })],
  ];
  it.each(monsters)("F36: %s are 400, and nobody waits for it", async (_, body) => {
    await expectPaid(house(), 0, async () => {
      const sent = fetch(`${house().synod.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      await expectPrompt(house());
      expect((await sent).status).toBe(400);
    });
  });
}

/** Expects that probes are answered meanwhile: one of them, at the latest, as fast as it may take. */
async function expectPrompt({ synod }: EdgeHouse): Promise<void> {
  let fastest = Infinity;
  for (let probe = 0; probe < 20 && fastest > 200; probe += 1) {
    const started = performance.now();
    expect((await get(`${synod.url}/healthz`)).status).toBe(200);
    fastest = Math.min(fastest, performance.now() - started);
  }
  expect(fastest).toBeLessThan(200);
}
