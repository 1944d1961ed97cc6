import type { Pool } from "undici";
import { z } from "zod";
import type { Arm } from "./arms.js";

/** One question. */
export interface AskedQuestion {
  readonly text: string;
  /** Decides what the simulated models say to it, and how their answers are shuffled. */
  readonly seed: number;
}

/** What asking one question came to. */
export interface Told {
  /** The answer as it was given. Of structured answers and calls, what they hold as the answer. */
  readonly text: string;
  /** Upstream calls that were begun, and planned ones that were not needed. */
  readonly made: number;
  readonly saved: number;
  /** Null when it is not known: a call was stopped. */
  readonly costUsd: number | null;
  /** From sending the request to reading the whole answer, in milliseconds. */
  readonly ms: number;
}

const body = z.object({
  choices: z.array(
    z.object({
      message: z.object({
        content: z.string().nullish(),
        tool_calls: z.array(z.object({ function: z.object({ arguments: z.string() }) })).nullish(),
      }),
    }),
  ),
  usage: z.object({ cost: z.number().nullable() }),
  consensus: z.object({ calls: z.object({ made: z.number(), saved: z.number() }) }).optional(),
});

const given = z.object({ answer: z.string() });

/** Asks one question over HTTP. Throws when there is no answer. */
export async function ask(
  synod: Pool,
  { model, more }: Arm,
  { text: question, seed }: AskedQuestion,
): Promise<Told> {
  const startedMs = performance.now();
  const response = await synod.request({
    path: "/v1/chat/completions",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, seed, messages: [{ role: "user", content: question }], ...more }),
  });
  const text = await response.body.text();
  const ms = performance.now() - startedMs;
  if (response.statusCode !== 200) throw new Error(`${model} answered ${response.statusCode}: ${text}`);
  const { choices, usage, consensus } = body.parse(JSON.parse(text));
  const message = choices[0]?.message;
  return {
    text: answerIn(
      message?.tool_calls?.[0]?.function.arguments ?? message?.content ?? "",
      more !== undefined,
    ),
    made: consensus?.calls.made ?? 1,
    saved: consensus?.calls.saved ?? 0,
    costUsd: usage.cost,
    ms,
  };
}

function answerIn(text: string, isStructured: boolean): string {
  return isStructured ? given.parse(JSON.parse(text)).answer : text;
}
