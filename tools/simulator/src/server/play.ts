import { sseText } from "../wire/plan.js";
import type { Plan, Step } from "../wire/plan.js";
import type { Outgoing } from "./outgoing.js";

/** What is joined before it must go out. */
const MAX_JOINED = 32 * 1024;

/**
 * Plays a plan on a connection until it is over or the client is gone.
 *
 * Steps that are due at the same time go out in one write. A wait counts from when the step before was due, so a late
 * timer does not slow a stream down.
 */
export async function play(plan: Plan, out: Outgoing): Promise<void> {
  let due = performance.now();
  let joined = "";
  let tokens = 0;
  // Status and headers wait for the bytes that are due with them, so that both go out in one write.
  let head = false;
  const flush = async () => {
    if (joined === "") {
      if (head) out.head();
      return;
    }
    const [bytes, count] = [joined, tokens];
    joined = "";
    tokens = 0;
    const room = out.write(bytes, count);
    if (room) await room;
  };
  for (const step of plan.steps) {
    if (out.closed) return;
    switch (step.do) {
      case "comment":
      case "data":
        joined += sseText(step);
        if (step.do === "data") tokens += step.tokens;
        if (joined.length >= MAX_JOINED) await flush();
        break;
      case "wait": {
        due += step.ms;
        const left = due - performance.now();
        if (left < 1) break;
        await flush();
        await out.sleep(left);
        break;
      }
      case "raw":
        if (typeof step.bytes === "string") {
          joined += step.bytes;
          tokens += step.tokens;
          if (joined.length >= MAX_JOINED) await flush();
          break;
        }
        await flush();
        await out.write(step.bytes, step.tokens);
        break;
      case "body":
        return out.end(step.text, step.tokens, { failed: plan.failed, whole: true });
      case "head":
        head = true;
        break;
      case "flush":
        await flush();
        await new Promise(setImmediate);
        break;
      default:
        await flush();
        return breakOff(step, out);
    }
  }
  if (!out.closed) out.end(joined, tokens, { failed: plan.failed, whole: false });
}

async function breakOff(step: Extract<Step, { do: "hang" | "reset" | "fin" }>, out: Outgoing): Promise<void> {
  switch (step.do) {
    case "hang":
      return out.gone();
    case "reset":
      return out.reset();
    case "fin":
      return out.fin();
  }
}
