import { createSynodClient } from "@synod/client";
import { eventually } from "@synod/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, type Circumstances } from "../testing/call.js";
import { type House, says, startHouse } from "../testing/house.js";

let house: House;
beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() =>
  house.script([says("ada-large", "It is 42."), says("bell-large", "42"), says("cole-medium", "41")]),
);

const synod = (args: readonly string[], circumstances: Circumstances = {}) =>
  call(args, { variables: house.variables, ...circumstances });
const json = async (...args: string[]) => {
  const { code, out, err } = await synod([...args, "--json"]);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out);
};
/** Asks the panel, and gives the run. */
const askedRun = async (question: string): Promise<string> => (await json("chat", question)).consensus.run_id;

describe("synod chat", () => {
  it("asks one model", async () => {
    const { code, out, err } = await synod(["chat", "--model", "sim/bell-large", "?"]);
    expect([code, out]).toEqual([0, "42\n"]);
    expect(err).toMatch(/^\d+ tokens · \$0 · 0 ms\n$/);
    expect(await json("chat", "-m", "sim/bell-large", "?")).toMatchObject({ answer: "42", consensus: null });
    expect(house.paid()).toBe(2);
  });

  it("takes the question from the input", async () => {
    const expected = { code: 0, out: "It is 42.\n", err: "" };
    expect(await synod(["chat", "-q", "-"], { input: "What is 6 x 7?\n" })).toEqual(expected);
    expect(await synod(["chat", "-q"], { input: "What is 6 x 7?\n" })).toEqual(expected);
    expect(house.paid()).toBe(6);
  });

  it("fails with what the server says, as text or as JSON, and with what to do", async () => {
    expect(await synod(["chat", "-m", "synod/nope", "?"])).toEqual({
      code: 1,
      out: "",
      err: "synod: The panel synod/nope is not known. Known panels: synod/default.\n`synod models` lists what can be asked.\n",
    });
    const { code, out } = await synod(["chat", "--json", "--consensus", '{"quorum": 99}', "?"]);
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        error: {
          code: "invalid_value",
          message: expect.stringContaining("quorum"),
          retryable: false,
          retry_after_ms: null,
          run_id: null,
          param: expect.stringContaining("quorum"),
          request_id: expect.any(String),
        },
      },
    ]);
    expect(house.paid()).toBe(0);
  });

  it("hands a model's control characters on to a file, and says none itself", async () => {
    const text = "\x1b]0;owned\x07It is \x1b[31m42";
    house.script(["ada-large", "bell-large", "cole-medium"].map((model) => says(model, text)));
    const { out, err } = await synod(["chat", "?"]);
    expect(out).toBe(`${text}\n`);
    expect(err).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe("synod models", () => {
  it("lists panels first, or those that are wanted", async () => {
    const { out } = await synod(["models"]);
    expect(out).toMatch(/^MODEL +OWNER +CONTEXT\nsynod\/default +synod\n/);
    expect(out).toMatch(/^sim\/ada-large +sim +131072$/m);
    const { data } = await json("models", "LARGE");
    expect(data).toEqual([
      {
        id: "sim/ada-large",
        object: "model",
        created: expect.any(Number),
        owned_by: "sim",
        context_length: 131_072,
      },
      expect.objectContaining({ id: "sim/bell-large" }),
    ]);
  });
});

describe("synod runs", () => {
  it("lists runs by page, all, or those that are wanted", async () => {
    const ids: string[] = [];
    for (const question of ["one?", "two?", "three?"]) ids.unshift(await askedRun(question));
    const page = await json("runs", "--limit", "2", "--preset", "synod/default", "--status", "completed");
    expect(page).toMatchObject({
      object: "list",
      data: [{ id: ids[0], object: "run", status: "completed", preset: "default" }, { id: ids[1] }],
      has_more: true,
    });
    const rest = await json("runs", "--cursor", page.next_cursor);
    expect(rest.data[0]).toMatchObject({ id: ids[2] });
    const all = await json("runs", "--all");
    expect(all).toMatchObject({ has_more: false, next_cursor: null });
    expect(all.data.slice(0, 3).map(({ id }: { id: string }) => id)).toEqual(ids);

    const { out, err } = await synod(["runs", "--limit", "1"]);
    expect(out).toMatch(
      new RegExp(
        `^RUN +STATUS +PRESET +STARTED +TOOK +EVENTS\n${ids[0]}  completed  default +\\S+Z +\\d+ ms +\\d+\n$`,
      ),
    );
    expect(err).toMatch(/^More: add --cursor \S+\n$/);
    expect((await synod(["runs", "--before", "2020-01-01"])).err).toBe("No run.\n");
  });
});

describe("synod run", () => {
  it("shows what was asked, who said what, and what came of it", async () => {
    const { consensus } = await json("chat", "--system", "Be short.", "Which number?");
    const id: string = consensus.run_id;
    const { code, out } = await synod(["run", id]);
    expect(code).toBe(0);
    const plain = out
      .replace(/\d+ ms/g, "0 ms")
      .replace(/\S+Z/, "<start>")
      .replace(/(?<=\S) {2,}/g, "  ");
    expect(plain).toBe(
      [
        `run  ${id}`,
        "status  completed",
        "panel  synod/default, majority, 1 round",
        "started  <start>, took 0 ms",
        "",
        "question",
        "  system: Be short.",
        "  Which number?",
        "",
        "MEMBER  ROUND  STATUS  ANSWER  TIME  TOKENS  COST",
        "sim/ada-large  1  answered  42  0 ms  18  $0",
        "sim/bell-large  1  answered  42  0 ms  16  $0",
        "sim/cole-medium  1  answered  41  0 ms  16  $0",
        "",
        "answer",
        "  It is 42.",
        "",
        "agreement 67 % · 3 calls · 50 tokens · $0 · stopped: complete",
        "dissent: 41 (sim/cole-medium)",
        "simulated: no real model was asked",
        "",
      ].join("\n"),
    );
    expect(await json("run", id)).toMatchObject({
      id,
      object: "run",
      status: "completed",
      incomplete: false,
      finished_at: expect.any(Number),
      request: { messages: [{ parts: [{ text: "Be short." }] }, { parts: [{ text: "Which number?" }] }] },
      answer: "It is 42.",
      finish_reason: "stop",
      error: null,
      consensus,
    });
  });

  it("shows why a run failed", async () => {
    const consensus = JSON.stringify({ members: [{ model: "sim/missing-model" }], quorum: 1 });
    const { code, err } = await synod(["chat", "--consensus", consensus, "?"]);
    expect(code).toBe(1);
    const [, id = ""] = /^What happened: synod run (\S+)$/m.exec(err) ?? [];
    expect((await synod(["run", id])).out).toMatch(/^failure\n {2}all_models_failed: /m);
    expect(await json("run", id)).toMatchObject({ status: "failed", error: { code: "all_models_failed" } });
    expect((await json("run", id)).answer).toBeUndefined();
  });

  it("prints its events, one a line", async () => {
    const id = await askedRun("?");
    const { out } = await synod(["run", id, "--events", "--json"]);
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ runId: id, runFinished: { answer: "It is 42." } });
    const lines = (await synod(["run", id, "--events"])).out.trim().split("\n");
    expect(lines).toHaveLength(events.length);
    expect(lines.at(-1)).toMatch(/^ *\d+ +\+\d+ ms {2}completed: complete$/);
  });

  it("follows a run that goes on, to its end", async () => {
    house.script([
      says("bell-large", "42"),
      says("cole-medium", "42"),
      { model: "ada-large", calls: "all", fault: { kind: "hang" } },
    ]);
    const client = createSynodClient({ baseUrl: house.variables["SYNOD_URL"] ?? "" });
    const consensus = { grace_ms: 60_000 };
    const asking = client.chat({ messages: "?", consensus }).catch((error: unknown) => error);
    await eventually(() => house.paid() === 3, { withinMs: 5_000 });
    const [run] = (await client.listRuns({ limit: 1, status: "running" })).runs;
    const id = run?.runId ?? "";
    expect((await synod(["replay", id, "--strategy", "majority"])).err).toBe(
      `synod: run ${id} still goes on. Wait until it is over.\n`,
    );
    let told = "";
    const following = synod(["run", id, "--events"], {
      onOut(text) {
        told += text;
        if (text.includes("sim/cole-medium answered")) void client.cancelRun(id);
      },
    });
    expect((await following).code).toBe(0);
    expect(told).toMatch(/ cancelled: .*\n$/);
    expect(await asking).toMatchObject({ code: "run_cancelled" });
  });

  it("names none that is not there", async () => {
    expect(await synod(["run", "nope"])).toEqual({
      code: 1,
      out: "",
      err: "synod: There is no such run.\n`synod runs` lists your runs.\n",
    });
  });
});

describe("synod replay", () => {
  it("shows the recorded and the new answer, without any call of a model", async () => {
    const id = await askedRun("?");
    const paid = house.paid();
    const args = ["replay", id, "--strategy", "weighted", "--weight", "sim/cole-medium=3"];
    const first = await synod(args);
    expect(first).toEqual({
      code: 0,
      err: "",
      out: [
        `run    ${id}`,
        "round  1",
        "",
        "recorded: majority",
        "  It is 42.",
        "  (agreement 67 %)",
        "",
        "replayed: weighted",
        "  41",
        "  (agreement 60 %)",
        "",
        "MEMBER           ANSWER  WEIGHT  VOTE",
        "sim/ada-large    42      1       against it",
        "sim/bell-large   42      1       against it",
        "sim/cole-medium  41      3       for it, decides alone",
        "",
        "dissent: 42 (sim/ada-large, sim/bell-large)",
        "Another answer than before. No model was asked.",
        "",
      ].join("\n"),
    });
    expect(await synod(args)).toEqual(first);
    expect(house.paid()).toBe(paid);
  });

  it.each([
    [["--strategy", "majority", "--round", "2"], "has no answer in round 2."],
    [["--strategy", "weighted", "--weight", "sim/x=1"], "sim/x is no member of the panel of run"],
  ])("refuses %j", async (args, message) => {
    const { code, out, err } = await synod(["replay", await askedRun("?"), ...args]);
    expect([code, out, err]).toEqual([1, "", expect.stringContaining(message)]);
  });
});
