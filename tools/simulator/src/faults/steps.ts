import { sseText } from "../wire/plan.js";
import type { Plan, Step } from "../wire/plan.js";

/** The bytes of a step; nothing when it sends none. */
export function stepBytes(step: Step): string | Uint8Array | undefined {
  switch (step.do) {
    case "comment":
    case "data":
      return sseText(step);
    case "raw":
      return step.bytes;
    case "body":
      return step.text;
    default:
      return undefined;
  }
}

/** Every byte that a plan sends, without its waits. Only for plans that end. */
export function allBytes(plan: Plan): Buffer {
  const parts: Uint8Array[] = [];
  for (const step of plan.steps) {
    const bytes = stepBytes(step);
    if (bytes !== undefined) parts.push(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  }
  return Buffer.concat(parts);
}

/** The steps until so many tokens went out, at most until the content is over. Of a whole body, the first half. */
export function* untilTokens(steps: Iterable<Step>, count: number): Generator<Step> {
  let sent = 0;
  for (const step of steps) {
    if (step.do === "body") {
      yield { do: "raw", bytes: step.text.slice(0, Math.floor(step.text.length / 2)), tokens: 0 };
      return;
    }
    if (step.do === "data" && step.part !== "role" && (step.part !== "content" || sent >= count)) return;
    if (step.do === "data") sent += step.tokens;
    yield step;
  }
}

/** A plan with other steps. */
export function withSteps(plan: Plan, steps: Iterable<Step>, failed = plan.failed): Plan {
  return { ...plan, steps, failed };
}

/** One iterable after another. */
export function* chained(...parts: readonly Iterable<Step>[]): Generator<Step> {
  for (const part of parts) yield* part;
}
