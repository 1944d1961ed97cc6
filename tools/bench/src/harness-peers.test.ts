import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Peer, portkey } from "./peers/portkey.js";
import { writeReport } from "./report.js";
import { passThroughCells } from "./rows/pass-through.js";
import { type BenchOptions, runBench } from "./run-bench.js";

// A gateway in a few lines, installed by npm from a folder: nothing is asked of a registry.
const program = `import { createServer, request } from "node:http";
createServer((req, res) => {
  const url = req.headers["x-portkey-custom-host"] + "/chat/completions";
  const { host: _, connection: __, ...headers } = req.headers;
  req.pipe(request(url, { method: "POST", headers }, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    answer.pipe(res);
  }));
}).listen(0);
`;

let folder = "";
let peer: Peer = portkey;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "synod-peer-test-"));
  vi.stubEnv("TMPDIR", folder);
  const source = join(folder, "source");
  await mkdir(source);
  await writeFile(join(source, "package.json"), JSON.stringify({ name: "somebody", version: "1.0.0" }));
  await writeFile(join(source, "server.mjs"), program);
  peer = {
    ...portkey,
    name: "Somebody",
    version: "1.0.0",
    manifest: { name: "bench-peer", private: true, dependencies: { somebody: `file:${source}` } },
    program: "node_modules/somebody/server.mjs",
    args: [],
  };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const size = { quick: true, peers: true, repeats: 3 };
const few = passThroughCells(size).map((cell) => ({
  ...cell,
  warmUp: 1,
  count: 2,
  pace: { atOnce: 1 } as const,
}));
const options = (): BenchOptions => ({
  size,
  peer,
  deployments: [],
  subjects: [],
  cells: few.filter(({ name }) => /^unary, 1 |in bursts/.test(name)),
  signal: AbortSignal.timeout(60_000),
  onProgress: () => undefined,
});

describe("a peer", () => {
  it("is installed, measured beside the others, named, and removed", async () => {
    const report = await runBench(options());
    expect(report.failures).toEqual([]);
    expect(report.warnings).toEqual([]);
    expect(report.lines.filter(({ variant }) => variant === "portkey")).toHaveLength(2);
    expect(report.peer).toMatchObject({ name: "Somebody", version: "1.0.0" });
    const written = writeReport(report);
    expect(written).toContain("Somebody 1.0.0:");
    expect(written).toContain("CPU x Somebody");
    expect(written).not.toContain("only with --peers");
    expect(await readdir(folder)).toEqual(["source"]);
  }, 60_000);

  it("that does not start is left out, and said to be", async () => {
    peer = { ...peer, program: "node_modules/somebody/missing.mjs" };
    const report = await runBench({ ...options(), cells: [] });
    expect(report.failures).toHaveLength(1);
    expect(report.failures[0]).toContain("Somebody 1.0.0 did not start.");
  }, 60_000);

  it("that cannot be installed ends the bench before anything is measured", async () => {
    peer = { ...peer, manifest: { dependencies: { somebody: `file:${join(folder, "nothing.tgz")}` } } };
    await expect(runBench(options())).rejects.toThrow(
      /^Somebody 1\.0\.0 could not be installed: npm ended with code/,
    );
  }, 60_000);
});
