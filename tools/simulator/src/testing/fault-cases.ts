import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../faults/registry.js";
import type { LedgerCall } from "../ledger/call.js";
import { startSimulator } from "../simulator.js";
import { ask, chat, chatUrl, KEY } from "./ask.js";
import { openCall } from "./http-client.js";
import type { Reply } from "./http-client.js";

/** One fault, and what a client sees of it. */
export interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  /** Default: openrouter. */
  readonly provider?: "openrouter" | "groq";
  /** Default: false. */
  readonly stream?: boolean;
  /** For faults that never end: the client leaves once the call is in this state. */
  readonly leavesWhen?: "received" | "streaming";
  readonly check: (reply: Reply, call: LedgerCall) => void;
}

const MODEL = "meta-llama/llama-3.3-70b-instruct";

/** Plays each case on the first of two calls; the second call must be answered as ever. */
export function testFaults(cases: Readonly<Record<string, readonly FaultCase[]>>): void {
  const started = startSimulator({ latency: "off" });
  afterAll(async () => (await started)[Symbol.asyncDispose]());
  beforeEach(async () => (await started).control.reset());

  for (const [kind, own] of Object.entries(cases)) {
    describe(kind, () => {
      test.each(own.map((each) => [each.name, each] as const))("%s", async (_, given) => {
        const simulator = await started;
        const { fault, provider = "openrouter", stream = false, leavesWhen, check } = given;
        simulator.control.setFaults([{ model: MODEL, calls: [1], fault }]);
        const body = chat(MODEL, undefined, { stream });
        const open = openCall(chatUrl(simulator, provider), {
          json: body,
          headers: { authorization: `Bearer ${KEY}` },
        });
        if (leavesWhen !== undefined) {
          await simulator.control.until(() => simulator.control.ledger()[0]?.state === leavesWhen);
          open.leave();
        }
        const reply = await open.reply;
        await simulator.control.until(() => simulator.control.stats().inFlight === 0);
        const [call] = simulator.control.ledger();
        expect(call).toMatchObject({
          faults: [fault.kind],
          key: { last4: KEY.slice(-4), length: KEY.length },
        });
        if (call !== undefined) check(reply, call);

        const next = await ask(simulator, provider, body);
        expect(next).toMatchObject({ status: 200, complete: true });
        expect(simulator.control.ledger()).toMatchObject([
          { id: 1 },
          { id: 2, faults: [], state: "finished" },
        ]);
      });
    });
  }
}

/** The parsed body of a reply. */
export function json(reply: Reply): unknown {
  return JSON.parse(reply.text);
}
