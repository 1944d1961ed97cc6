import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Peer, portkey } from "./portkey.js";
import { startPeer } from "./start-peer.js";

// The preload is the built one: `nx test` builds first.
const peer: Peer = { ...portkey, name: "Somebody", program: "server.mjs", args: [] };
let folder = "";
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "synod-peer-test-"));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(folder, { recursive: true, force: true });
});

const start = () =>
  startPeer(peer, { folder, upstreamUrl: "http://127.0.0.1:1", onStarted: (stop) => void stops.push(stop) });

it.each(["listen(0)", "listen({ port: 0 })", `listen(0, "0.0.0.0")`, `listen(undefined, () => {})`])(
  "binds to loopback what would bind to every interface: %s",
  async (listen) => {
    const answer = `(_, res) => res.end(JSON.stringify(server.address()))`;
    await writeFile(
      join(folder, "server.mjs"),
      `import { createServer } from "node:http";\nconst server = createServer(${answer});\nserver.${listen};\n`,
    );
    const running = await start();
    expect(running.headers?.["x-portkey-custom-host"]).toBe("http://127.0.0.1:1/api/v1");
    const response = await fetch(running.url);
    expect(await response.json()).toMatchObject({ address: "127.0.0.1" });
  },
);

it("keeps this machine's environment from it", async () => {
  const program = `import { createServer } from "node:http";
createServer((_, res) => res.end(JSON.stringify(Object.keys(process.env)))).listen(0);\n`;
  await writeFile(join(folder, "server.mjs"), program);
  const response = await fetch((await start()).url);
  const names = (await response.json()) as string[];
  expect(names.filter((name) => !/^(PATH|NODE_ENV|NODE_CHANNEL.*|__CF.*)$/.test(name))).toEqual([]);
});

it("says what it wrote when it does not start", async () => {
  await writeFile(join(folder, "server.mjs"), `console.error("no such module"); process.exit(3);\n`);
  await expect(start()).rejects.toThrow(
    /Somebody 1\.15\.2 did not start\. It ended with code 3\. It wrote:\nno such/,
  );
});
