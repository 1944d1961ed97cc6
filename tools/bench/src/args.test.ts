import { describe, expect, it } from "vitest";
import { readArgs } from "./args.js";

describe("readArgs", () => {
  it("measures in full without arguments, and less with --quick", () => {
    expect(readArgs([])).toEqual({ kind: "run", quick: false, peers: false });
    expect(readArgs(["--quick"])).toEqual({ kind: "run", quick: true, peers: false });
  });

  it("measures peers when it is told to", () => {
    expect(readArgs(["--peers"])).toEqual({ kind: "run", quick: false, peers: true });
    expect(readArgs(["--peers", "--quick"])).toEqual({ kind: "run", quick: true, peers: true });
  });

  it("explains itself", () => {
    expect(readArgs(["--help"])).toEqual({ kind: "help" });
  });

  it("refuses what it cannot do, and says what", () => {
    expect(readArgs(["--fast"])).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("--fast"),
    });
    expect(readArgs(["quick"])).toMatchObject({ kind: "refused" });
  });
});
