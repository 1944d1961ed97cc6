import type { ServerResponse } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBody, readStart } from "./body.js";
import { openUpstream } from "./client.js";
import { cannedResponse, splits } from "./testing/canned-response.js";
import { startServer } from "./testing/scripted-server.js";
import { until } from "./testing/until.js";

async function eventsOf(pieces: readonly Buffer[], maxLineLength?: number): Promise<string[]> {
  const body = await openBody(cannedResponse(pieces), maxLineLength === undefined ? {} : { maxLineLength });
  if (body.kind === "document") throw new Error(`a document: ${body.text}`);
  const events: string[] = [];
  for (let batch = await body.read(); batch !== null; batch = await body.read()) events.push(...batch);
  return events;
}

const lines = [
  ": OPENROUTER PROCESSING",
  "",
  "event: message",
  "id: 7",
  "retry: 10",
  'data: {"text":"Grüße 👋 你好"}',
  "",
  'data:{"no":"space"}',
  "",
  "data: {",
  'data: "two":"lines"}',
  "",
  "unknown: field",
  "data",
  "",
  "data: [DONE]",
  "",
  "",
];
const expected = ['{"text":"Grüße 👋 你好"}', '{"no":"space"}', '{\n"two":"lines"}', "", "[DONE]"];

const framings: Readonly<Record<string, string>> = {
  LF: lines.join("\n"),
  CRLF: lines.join("\r\n"),
  CR: lines.join("\r"),
  mixed: lines.map((line, index) => line + (["\n", "\r", "\r\n"][index % 3] ?? "")).join(""),
  "byte order mark": `\u{feff}${lines.join("\n")}`,
  "blank lines first": `\n\n${lines.join("\n")}`,
  "no blank line at the end": lines.join("\n").trimEnd(),
};

describe("events (F15)", () => {
  for (const [name, text] of Object.entries(framings)) {
    it(`are the same however their bytes are split: ${name}`, async () => {
      for (const pieces of splits(Buffer.from(text))) expect(await eventsOf(pieces)).toEqual(expected);
    });
  }

  it("are the same split into many pieces", async () => {
    const bytes = Buffer.from(framings["mixed"] ?? "");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 }),
        async (cuts) => {
          const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
          const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
          expect(await eventsOf(pieces)).toEqual(expected);
        },
      ),
      { seed: 15, numRuns: 200 },
    );
  });

  it("hold U+FFFD for what is not UTF-8, however it is split (F14)", async () => {
    const bytes = Buffer.concat([
      Buffer.from("data: a"),
      Buffer.from([0xff, 0xc3, 0x28, 0xe2, 0x82]),
      Buffer.from("b\u0000c\n\ndata: é\n\n"),
    ]);
    const whole = await eventsOf([bytes]);
    expect(whole).toEqual(["a\ufffd\ufffd(\ufffdb\u0000c", "é"]);
    for (const pieces of splits(bytes)) expect(await eventsOf(pieces)).toEqual(whole);
  });

  it("that have arrived together are one batch", async () => {
    const body = await openBody(
      cannedResponse([Buffer.from("data: 1\n\ndata: 2\n\n"), Buffer.from("data: 3\n\n")]),
    );
    if (body.kind === "document") throw new Error("a document");
    expect(await body.read()).toEqual(["1", "2"]);
    expect(await body.read()).toEqual(["3"]);
    expect(await body.read()).toBeNull();
    expect(await body.read()).toBeNull();
  });

  it("are cut when a line has no end (F16)", async () => {
    const piece = Buffer.from("x".repeat(1000));
    const pieces = [Buffer.from("data: "), ...Array.from({ length: 50 }, () => piece)];
    await expect(eventsOf(pieces, 10_000)).rejects.toMatchObject({ kind: "too_large", sent: true });
  });

  it("are cut when an event of many lines has no end (F16)", async () => {
    const pieces = Array.from({ length: 50 }, () => Buffer.from(`data: ${"x".repeat(1000)}\n`));
    await expect(eventsOf(pieces, 10_000)).rejects.toMatchObject({ kind: "too_large" });
  });
});

describe("documents (F21)", () => {
  it("are known by how they begin, however they are split", async () => {
    const text = ' \n\n  {"a":"é"}\n';
    for (const pieces of splits(Buffer.from(text))) {
      expect(await openBody(cannedResponse(pieces))).toEqual({ kind: "document", text: '{"a":"é"}\n' });
    }
  });

  it("may be HTML or nothing", async () => {
    expect(await openBody(cannedResponse([Buffer.from("<html>no</html>")]))).toEqual({
      kind: "document",
      text: "<html>no</html>",
    });
    expect(await openBody(cannedResponse([]))).toEqual({ kind: "document", text: "" });
  });

  it("have a largest size (F16)", async () => {
    const pieces = Array.from({ length: 50 }, () => Buffer.from(`"${"x".repeat(1000)}`));
    await expect(openBody(cannedResponse(pieces), { maxLineLength: 10_000 })).rejects.toMatchObject({
      kind: "too_large",
    });
  });

  it("can be read in part", async () => {
    const pieces = Array.from({ length: 50 }, () => Buffer.from("x".repeat(1000)));
    const options = { maxLength: 2_500, withinMs: 5_000 };
    expect(await readStart(cannedResponse(pieces), options)).toBe("x".repeat(2_500));
    expect(await readStart(cannedResponse(pieces.slice(0, 2)), options)).toBe("x".repeat(2_000));
  });
});

describe("the start of a body", () => {
  const start = '{"error":{"message":"Grü';
  const timers = { firstTokenMs: 5_000, idleMs: 5_000, totalMs: 10_000 };

  async function readStartOf(end: (response: ServerResponse) => void, options = {}, signal?: AbortSignal) {
    await using server = await startServer((_, response) => {
      response.writeHead(503, { "content-type": "application/json" });
      response.write(start, () => end(response));
    });
    await using client = openUpstream({ origin: server.origin });
    const response = await client.request({
      method: "POST",
      path: "/",
      headers: {},
      signal: signal ?? new AbortController().signal,
      timers: { ...timers, ...options },
    });
    const text = await readStart(response, { maxLength: 1_000, withinMs: 300 });
    await until(() => server.cut === 1);
    return text;
  }

  it("is what came until it broke off", async () => {
    expect(await readStartOf((response) => response.destroy())).toBe(start);
  });

  it("is what came in time, and the call is over then", async () => {
    expect(await readStartOf(() => {})).toBe(start);
  });

  it("is what came when one of the call's own timers is shorter", async () => {
    expect(await readStartOf(() => {}, { firstTokenMs: 100 })).toBe(start);
  });

  it("is of no use to a caller who left", async () => {
    const caller = new AbortController();
    const read = readStartOf(() => caller.abort(), {}, caller.signal);
    await expect(read).rejects.toMatchObject({ kind: "aborted" });
  });
});
