import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installPeer, settingsOfNpm } from "./install-peer.js";
import { portkey } from "./portkey.js";

let folder = "";
const never = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "synod-peer-test-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A program in the place of npm. */
async function npmThat(does: string): Promise<string> {
  const path = join(folder, "npm");
  await writeFile(path, `#!/bin/sh\n${does}\n`);
  await chmod(path, 0o755);
  return path;
}

describe("installPeer", () => {
  it("asks for the pinned versions, and runs nothing of what it installs", async () => {
    const npm = await npmThat(`echo "$@" > args.txt`);
    await installPeer(portkey, join(folder, "peer"), never, npm);
    const written = async (name: string): Promise<string> =>
      await readFile(join(folder, "peer", name), "utf8");
    expect(await written("args.txt")).toContain("install --ignore-scripts --omit=dev");
    expect(JSON.parse(await written("package.json"))).toMatchObject({
      dependencies: { "@portkey-ai/gateway": "1.15.2" },
      overrides: { hono: "4.9.7", "@hono/node-server": "1.13.5" },
    });
    expect((await readdir(join(folder, "peer"))).toSorted()).toEqual(["args.txt", "package.json"]);
  });

  it("says what npm says when it fails", async () => {
    const npm = await npmThat("echo 'npm error code ENOTFOUND' >&2; exit 7");
    await expect(installPeer(portkey, join(folder, "peer"), never, npm)).rejects.toThrow(
      /Portkey 1\.15\.2 could not be installed: npm ended with code 7\.\nnpm error code ENOTFOUND/,
    );
  });

  it("says that there is no npm", async () => {
    await expect(installPeer(portkey, join(folder, "peer"), never, join(folder, "nothing"))).rejects.toThrow(
      /could not be installed: there is no program/,
    );
  });

  it("ends with the bench", async () => {
    const npm = await npmThat("exec sleep 60");
    const stop = new AbortController();
    const installing = installPeer(portkey, join(folder, "peer"), stop.signal, npm);
    stop.abort(new Error("enough"));
    await expect(installing).rejects.toThrow("enough");
  });
});

describe("settingsOfNpm", () => {
  it("leaves out what npm run says of this workspace, and keeps what is set for npm", () => {
    const kept = { PATH: "/bin", HOME: "/home/a", npm_config_registry: "x", npm_config_cache: "y" };
    const ours = {
      npm_config_local_prefix: "/here",
      npm_package_name: "synod",
      npm_lifecycle_event: "bench",
    };
    expect(settingsOfNpm({ ...kept, ...ours, npm_command: "run", npm_config_workspace: "a" })).toEqual(kept);
  });
});
