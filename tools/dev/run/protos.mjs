import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "./child.mjs";
import { bin, root } from "./workspace.mjs";

/** Runs buf in a folder that holds buf.yaml. It finds its plugins in node_modules. */
export function buf(cwd, ...args) {
  const path = [join(root, "node_modules", ".bin"), process.env["PATH"] ?? ""].join(delimiter);
  return run(process.execPath, [bin("@bufbuild/buf", "buf"), ...args], { cwd, env: { PATH: path } });
}

/** Compares the contracts with the committed image of them: what breaks a caller is a failure. */
export async function breaking(cwd) {
  const folder = mkdtempSync(join(tmpdir(), "synod-protos-"));
  // An image, since the folders of a workspace cannot be compared with one.
  const image = join(folder, "now.binpb");
  try {
    const built = await buf(cwd, "build", "--output", image);
    if (built.code !== 0) return built;
    return await buf(cwd, "breaking", image, "--against", "proto/baseline.binpb", "--config", "buf.yaml");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
