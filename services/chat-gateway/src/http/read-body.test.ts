import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { createBodyBudget } from "@synod/rpc";
import { defaultLimits } from "@synod/settings";
import { expect, it } from "vitest";
import { readJson } from "./read-body.js";

function read(json: string, beforeEnd: (req: IncomingMessage) => void = () => undefined) {
  const req = new IncomingMessage(new Socket());
  req.headers["content-type"] = "application/json";
  beforeEnd(req);
  req.push(json);
  req.push(null);
  const config = {
    settings: { limits: defaultLimits, presets: {}, modelsInSettings: [] },
    apiKeys: [],
    corsOrigins: [],
  };
  return readJson({ req, hold: createBodyBudget().hold() }, { config });
}

it("gives others their turn once a long body is read", async () => {
  const order: string[] = [];
  const noteTurn = (req: IncomingMessage): void =>
    void req.once("end", () => setImmediate(() => order.push("others")));
  await read(JSON.stringify({ user: "x".repeat(300_000) }), noteTurn);
  order.push("long");
  await read("{}", noteTurn);
  order.push("short");
  expect(order).toEqual(["others", "long", "short"]);
});

it("F37: mends halves of surrogate pairs in values, however deep, and nothing else", async () => {
  const half = "\\ud83d";
  const { json, text } = await read(
    `{"a":["${half}x",{"__proto__":"${half}","b":[["y${half}"]]}],"c":"\\ud83d\\ude00","d":[1,null,true]}`,
  );
  const mended = `{"a":["\ufffdx",{"__proto__":"\ufffd","b":[["y\ufffd"]]}],"c":"\u{1f600}","d":[1,null,true]}`;
  expect(JSON.stringify(json)).toBe(mended);
  expect(text).toContain(half);
  expect((await read(`"${half}"`)).json).toBe("\ufffd");
});
