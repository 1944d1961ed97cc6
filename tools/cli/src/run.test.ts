import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { call } from "./testing/call.js";

describe("a command line that means nothing ends with 2 and says why, and where to look", () => {
  it.each([
    [[], "Usage: synod"],
    [["chta", "x"], "unknown command 'chta'\n(Did you mean chat?)\n(see synod --help)"],
    [["chat"], "no question. Write one"],
    [["chat", " "], "the question is empty"],
    [
      ["chat", "a", "b"],
      "too many arguments for 'chat'. Expected 1 argument but got 2.\n(see synod chat --help)",
    ],
    [["chat", "x", "--temperature", "3"], "Use a number from 0 to 2."],
    [["chat", "x", "--temperature", ""], "Use a number from 0 to 2."],
    [["chat", "x", "--max-tokens", "1.5"], "Use a whole number from 1"],
    [["chat", "x", "--consensus", "{"], "It is not JSON."],
    [["chat", "x", "--consensus", "[]"], "Use a JSON object."],
    [["chat", "x", "--deadline", "20"], "such as 500ms, 20s or 2m, up to 60m."],
    [["chat", "x", "--deadline", "2h"], "up to 60m."],
    [["chat", "x", "--colour"], "unknown option '--colour'"],
    [["chat", "x", "--url", "nowhere"], "--url: is not a URL"],
    [["runs", "--status", "done"], "Allowed choices are queued, running, completed, failed, cancelled."],
    [["runs", "--since", "yesterday"], "Use a date such as 2026-11-28, or a time ago such as 12h or 30d."],
    [["runs", "--limit", "101"], "Use a whole number from 1 to 100."],
    [["run"], "missing required argument 'id'"],
    [["replay", "r1"], "required option '--strategy <name>' not specified"],
    [
      ["replay", "r1", "--strategy", "synthesis"],
      "It asks a model. These ask none: concatenate, majority, weighted, fields, tool_calls.",
    ],
    [["replay", "r1", "--strategy", "guess"], "It is unknown. These ask none:"],
    [["replay", "r1", "--strategy", "weighted", "--weight", "sim/a"], "Use <model>=<number>."],
    [["replay", "r1", "--strategy", "weighted", "--weight", "sim/a=0"], "Use a number from"],
    [["replay", "r1", "--strategy", "weighted", "--accuracy", "sim/a=1.5"], "Use a number from 0 to 1."],
    [["keys", "create"], "required option '--name <name>' not specified\n(see synod keys create --help)"],
    [["keys", "create", "--name", " "], "--name must have 1 to 200 characters"],
    [
      ["keys", "create", "--name", "x", "--expires", "2026-11-27"],
      "--expires 2026-11-27T00:00:00Z is over already",
    ],
    [["keys", "create", "--name", "x", "--usd-per-day", "-1"], "Use a number from"],
    [["simulate", "--port", "99999"], "Use a whole number from 0 to 65535."],
  ])("%j", async (args, message) => {
    const called = await call(args);
    expect(called).toMatchObject({ code: 2, out: "" });
    expect(called.err).toContain(message);
  });

  it("as JSON where that is wanted", async () => {
    const { code, out, err } = await call(["chat", "--json", "--url", "nowhere", "x"]);
    expect([code, err]).toEqual([2, ""]);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: "invalid_value", message: expect.stringContaining("--url") },
    });
  });
});

it("helps, lists what is there alone, and names its version", async () => {
  const { code, out, err } = await call(["--help"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("0 done, 1 failed, 2 wrong usage or settings, 130 ended by Ctrl-C");
  const commands = [...out.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
  expect(commands).toEqual(["chat", "models", "runs", "run", "replay", "keys", "simulate", "help"]);
  for (const args of [["chat"], ["keys", "create"], ["replay"]]) {
    expect(await call([...args, "--help"])).toMatchObject({ code: 0, err: "" });
  }
  expect(await call(["--version"])).toEqual({ code: 0, out: "0.1.0\n", err: "" });
});

describe("a Synod that does not answer", () => {
  const advice = "What was asked may be paid all the same: `synod runs` says what became of it.\n";

  it.each([
    ["whose connection breaks", (socket: Socket) => socket.resetAndDestroy(), "broke (", []],
    ["in time", () => undefined, "", ["--deadline", "100ms"]],
  ])("%s: what was asked may be paid", async (_what, meet, message, args) => {
    await using server = createServer((socket) => void socket.once("data", () => meet(socket)));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const called = await call(["chat", "x", ...args, "--url", `http://127.0.0.1:${port}`]);
    expect(called).toMatchObject({ code: 1, out: "" });
    expect(called.err).toContain(message);
    expect(called.err.endsWith(advice)).toBe(true);
  });
});

describe("a Synod that is not there", () => {
  const variables = { SYNOD_URL: "http://127.0.0.1:9" };

  it.each([
    ["chat", "x"],
    ["models"],
    ["runs"],
    ["run", "r1"],
    ["run", "r1", "--events"],
    ["replay", "r1", "--strategy", "majority"],
  ])("is told by synod %s", async (...args) => {
    const fetchBlocksThatPort = "bad port";
    expect(await call(args, { variables })).toEqual({
      code: 1,
      out: "",
      err:
        `synod: http://127.0.0.1:9 cannot be reached (${fetchBlocksThatPort}).\n` +
        "Start Synod with `npm start`, or say where it is with --url or SYNOD_URL.\n",
    });
    const { code, out } = await call([...args, "--json"], { variables });
    expect([code, JSON.parse(out)]).toMatchObject([1, { error: { code: "unreachable", retryable: true } }]);
  });

  it("is not waited for once the person has left", async () => {
    const signal = AbortSignal.abort();
    expect(await call(["models"], { variables, signal })).toEqual({ code: 130, out: "", err: "" });
  });
});
