import { existsSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "./make-folder.js";

describe("making a folder", () => {
  it("makes those above it too, for their user alone, and leaves what is there", () => {
    const path = join(mkdtempSync(join(tmpdir(), "synod-folder-")), "a", "b", "c");
    makeFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    makeFolder(path);
  });

  it("fails below a file", () => {
    const file = join(mkdtempSync(join(tmpdir(), "synod-folder-")), "file");
    writeFileSync(file, "");
    expect(() => makeFolder(join(file, "folder"))).toThrow("ENOTDIR");
  });

  it.runIf(existsSync("/proc/self"))("fails at once where no folder can be", () => {
    expect(() => makeFolder("/proc/x/y")).toThrow("ENOENT");
  });
});
