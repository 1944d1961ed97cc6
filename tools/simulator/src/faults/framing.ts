import { z } from "zod";
import type { Step } from "../wire/plan.js";
import { defineFault } from "./definition.js";
import { stepBytes, withSteps } from "./steps.js";

const shape = {
  /** `mixed` takes another one for each event: a CR before an LF would be one line end, not two. */
  newline: z.enum(["lf", "crlf", "cr", "mixed"]).default("lf"),
  /** A byte order mark at the beginning. */
  bom: z.boolean().default(false),
  /** The space after the colon. */
  space: z.boolean().default(true),
  /** An event's JSON over two `data:` lines. */
  multiline: z.boolean().default(false),
  /** `event:`, `id:` and `retry:` lines and comments between the events. */
  fields: z.boolean().default(false),
  /** Sends pieces of so many bytes, each on its own: 1 cuts inside every character and every event. 0: whole. */
  pieceBytes: z.int().min(0).default(0),
} as const;

/** A proper stream in an unusual form, or a body in small pieces. Nothing in it is wrong. */
const framing = defineFault("framing", shape, (form) => ({
  plan: (plan, _draft, { stream }) => {
    const framed = stream ? framedSteps(plan.steps, form) : plan.steps;
    return withSteps(plan, form.pieceBytes > 0 ? pieces(framed, form.pieceBytes) : framed);
  },
}));

/** The fault of form. */
export const framings = { framing } as const;

type Form = z.output<z.ZodObject<typeof shape>>;

function* framedSteps(steps: Iterable<Step>, form: Form): Generator<Step> {
  const newline = newlines(form);
  const colon = form.space ? ": " : ":";
  let first = true;
  for (const step of steps) {
    if (step.do !== "data" && step.do !== "comment") {
      yield step;
      continue;
    }
    const lines =
      step.do === "comment" ? [`:${form.space ? " " : ""}${step.text}`] : dataLines(step.json, form, colon);
    const end = newline();
    const text = [...lines, ""].map((line) => line + end).join("");
    yield {
      do: "raw",
      bytes: (first && form.bom ? "\uFEFF" : "") + text,
      tokens: step.do === "data" ? step.tokens : 0,
    };
    first = false;
  }
}

function dataLines(json: string, form: Form, colon: string): string[] {
  // The first comma before a name stands between two fields, where JSON allows a line to end.
  const cut = form.multiline ? json.indexOf(',"') + 1 : 0;
  const data = cut > 0 ? [json.slice(0, cut), json.slice(cut)] : [json];
  const lines = data.map((line) => `data${colon}${line}`);
  return form.fields
    ? [": a comment", `event${colon}message`, `id${colon}7`, `retry${colon}3000`, ...lines]
    : lines;
}

function newlines({ newline }: Form): () => string {
  const kinds =
    newline === "mixed"
      ? ["\n", "\r\n", "\r"]
      : [newline === "crlf" ? "\r\n" : newline === "cr" ? "\r" : "\n"];
  let next = 0;
  return () => kinds[next++ % kinds.length] ?? "\n";
}

function* pieces(steps: Iterable<Step>, size: number): Generator<Step> {
  for (const step of steps) {
    const bytes = stepBytes(step);
    if (bytes === undefined) {
      yield step;
      continue;
    }
    const buffer = Buffer.from(bytes);
    const tokens = step.do === "data" || step.do === "raw" || step.do === "body" ? step.tokens : 0;
    for (let at = 0; at < buffer.length; at += size) {
      yield { do: "raw", bytes: buffer.subarray(at, at + size), tokens: at === 0 ? tokens : 0 };
      yield { do: "flush" };
    }
  }
}
