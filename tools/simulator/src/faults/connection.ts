import { z } from "zod";
import type { Plan, Step } from "../wire/plan.js";
import { defineFault } from "./definition.js";
import { chained, stepBytes, untilTokens, withSteps } from "./steps.js";

const when = {
  when: z.enum(["before_headers", "after_headers", "mid_body"]).default("mid_body"),
  /** For `mid_body` of a stream. A reply that is not streamed breaks off at half its bytes. */
  afterTokens: z.int().min(0).default(2),
};

/** Silence: before the headers, before the first token, or in the middle. It lasts until the client leaves. */
const hang = defineFault("hang", when, (fault) => ({
  plan: (plan) => brokenOff(plan, fault, { do: "hang" }),
}));

/** A TCP reset. */
const reset = defineFault("reset", when, (fault) => ({
  plan: (plan) => brokenOff(plan, fault, { do: "reset" }),
}));

/** The connection is closed before the response is over. */
const fin = defineFault("fin", when, (fault) => ({ plan: (plan) => brokenOff(plan, fault, { do: "fin" }) }));

/** A stream that ends properly after so many tokens, without finish reason and without `[DONE]`; or half a body. */
const endEarly = defineFault("end_early", { afterTokens: z.int().min(0).default(2) }, ({ afterTokens }) => ({
  plan: (plan) => withSteps(plan, untilTokens(plan.steps, afterTokens), true),
}));

/** A stream with everything but `[DONE]`. */
const noDone = defineFault("no_done", {}, () => ({
  plan: (plan) => withSteps(plan, withoutDone(plan.steps)),
}));

/** A pause before the first token, on top of the model's own. */
const slowFirstToken = defineFault("slow_first_token", { ms: z.number().min(0) }, ({ ms }) => ({
  plan: (plan) => withSteps(plan, chained([{ do: "wait", ms }], plan.steps)),
}));

/** A pause in the middle, after which the stream goes on. */
const stall = defineFault(
  "stall",
  { afterTokens: z.int().min(0).default(2), ms: z.number().min(0) },
  ({ afterTokens, ms }) => ({
    plan: (plan) =>
      withSteps(
        plan,
        interrupted(plan.steps, afterTokens, () => [{ do: "wait", ms }]),
      ),
  }),
);

/** The whole response byte by byte, at this rate. */
const trickle = defineFault(
  "trickle",
  { bytesPerSecond: z.number().positive().default(1) },
  ({ bytesPerSecond }) => ({
    plan: (plan) => withSteps(plan, trickled(plan.steps, 1000 / bytesPerSecond)),
  }),
);

/** Comments after so many tokens, by default before the first: so many, or without end when `count` is null. */
const comments = defineFault(
  "comments",
  {
    count: z.int().min(0).nullable().default(1_000),
    everyMs: z.number().min(0).default(0),
    text: z.string().default("OPENROUTER PROCESSING"),
    afterTokens: z.int().min(0).default(0),
  },
  ({ count, everyMs, text, afterTokens }) => ({
    plan: (plan) => {
      const flood = () => commentFlood(count, everyMs, text);
      return withSteps(
        plan,
        afterTokens === 0
          ? chained([{ do: "head" }], flood(), plan.steps)
          : interrupted(plan.steps, afterTokens, flood),
      );
    },
  }),
);

/** An error in the middle of a stream, after which it ends. A reply that is not streamed ends at half its bytes. */
const streamError = defineFault(
  "stream_error",
  {
    afterTokens: z.int().min(0).default(2),
    code: z.union([z.int(), z.string()]).default(502),
    message: z.string().default("Provider disconnected"),
    shape: z.enum(["choice", "no_choices", "bare", "x_groq"]).default("choice"),
    finishReason: z.string().default("error"),
    done: z.boolean().default(false),
  },
  ({ afterTokens, done, ...error }) => ({
    plan: (plan, draft, { dialect, stream }) => {
      if (!stream) return withSteps(plan, untilTokens(plan.steps, afterTokens), true);
      const event: Step = { do: "data", json: dialect.streamError(draft, error), tokens: 0, part: "error" };
      const end: Step[] = done ? [{ do: "data", json: "[DONE]", tokens: 0, part: "done" }] : [];
      return withSteps(plan, chained(untilTokens(plan.steps, afterTokens), [event, ...end]), true);
    },
  }),
);

/** Faults of the connection and of time. */
export const connection = {
  hang,
  reset,
  fin,
  end_early: endEarly,
  no_done: noDone,
  slow_first_token: slowFirstToken,
  stall,
  trickle,
  comments,
  stream_error: streamError,
} as const;

interface BreakPoint {
  readonly when: "before_headers" | "after_headers" | "mid_body";
  readonly afterTokens: number;
}

function brokenOff(plan: Plan, { when, afterTokens }: BreakPoint, ending: Step): Plan {
  switch (when) {
    case "before_headers":
      return withSteps(plan, [ending]);
    case "after_headers":
      return withSteps(plan, [{ do: "head" }, ending]);
    case "mid_body":
      return withSteps(plan, chained(untilTokens(plan.steps, afterTokens), [ending]));
  }
}

function* withoutDone(steps: Iterable<Step>): Generator<Step> {
  for (const step of steps) {
    if (step.do !== "data" || step.part !== "done") yield step;
  }
}

function* interrupted(
  steps: Iterable<Step>,
  afterTokens: number,
  between: () => Iterable<Step>,
): Generator<Step> {
  let sent = 0;
  let done = false;
  for (const step of steps) {
    const content = step.do === "body" || (step.do === "data" && step.part !== "role");
    if (!done && content && sent >= afterTokens) {
      done = true;
      yield* between();
    }
    if (step.do === "data") sent += step.tokens;
    yield step;
  }
}

function* trickled(steps: Iterable<Step>, everyMs: number): Generator<Step> {
  for (const step of steps) {
    const bytes = stepBytes(step);
    if (bytes === undefined) {
      yield step;
      continue;
    }
    for (const byte of Buffer.from(bytes)) {
      yield { do: "raw", bytes: Uint8Array.of(byte), tokens: 0 };
      yield { do: "wait", ms: everyMs };
    }
  }
}

function* commentFlood(count: number | null, everyMs: number, text: string): Generator<Step> {
  for (let index = 0; count === null || index < count; index++) {
    yield { do: "comment", text };
    if (everyMs > 0) yield { do: "wait", ms: everyMs };
  }
}
