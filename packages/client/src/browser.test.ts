import { createContext, Script } from "node:vm";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";
import type { createSynodClient } from "./create-client.js";
import { answerOf, startHouse } from "./testing/house.js";

/** What the client may use of its platform: what browsers have, and Node too. */
const browserGlobals = {
  AbortController,
  AbortSignal,
  DOMException,
  Headers,
  ReadableStream,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  TransformStream,
  URL,
  clearTimeout,
  fetch,
  performance,
  setTimeout,
};

it("is one script for browsers, which asks and streams there without anything of Node", async () => {
  const bundle = await rolldown({
    input: new URL("./index.ts", import.meta.url).pathname,
    platform: "browser",
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  const { output } = await bundle.generate({ format: "iife", name: "synod" });
  await bundle.close();
  expect(output).toHaveLength(1);
  const [script] = output;
  expect(script.imports).toEqual([]);
  // Of the algorithm it needs the types alone: that would be most of the script.
  const algorithm = Object.keys(script.modules).filter((path) =>
    /@stdlib|re2js|consensus\/dist\/strategies/.test(path),
  );
  expect(algorithm).toEqual([]);

  await using house = await startHouse({
    chat: () => answerOf("42"),
    async *streamChat() {
      yield { event: { case: "delta", value: { text: "42" } } };
      yield { event: { case: "finished", value: { response: answerOf("42") } } };
    },
  });
  // As under a policy that forbids eval.
  const page = createContext({ ...browserGlobals }, { codeGeneration: { strings: false, wasm: false } });
  new Script(script.code).runInContext(page);
  const { createSynodClient: create } = new Script("synod").runInContext(page) as {
    createSynodClient: typeof createSynodClient;
  };
  const client = create({ baseUrl: house.url });
  expect((await client.chat({ messages: "?" })).text).toBe("42");
  const seen: string[] = [];
  for await (const { type } of client.streamChat({ messages: "?" })) seen.push(type);
  expect(seen).toEqual(["delta", "finished"]);
});
