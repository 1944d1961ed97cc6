import { z } from "zod";
import { unit } from "../random/hash.js";
import type { WireEndpoint, WireProvider } from "../wire/dialect.js";
import type { FaultEffect } from "./definition.js";
import { faultEffect, faultSchema } from "./registry.js";
import type { Fault, FaultKind } from "./registry.js";

/** When a fault is played: on which calls of which model. */
export interface FaultRule {
  /** Default: both. */
  readonly provider?: WireProvider;
  /** Default: `chat`. */
  readonly endpoint?: "chat" | "completions";
  /** The model's id on the wire (without `sim/`), or `*` for every model. */
  readonly model: string;
  /** Only calls with a message that contains this text count. */
  readonly contains?: string;
  /** Only calls with a key that ends in these four characters count. */
  readonly key?: string;
  /**
   * Numbers from 1, counted by each rule over the calls that fit it since it was set; `to` may be left out. Or a share
   * of them, 0 to 1, drawn by the seed.
   */
  readonly calls:
    | "all"
    | readonly number[]
    | { readonly from: number; readonly to?: number }
    | { readonly share: number; readonly seed: number };
  /** One fault, or several that are played together, in this order: the first that refuses the call wins. */
  readonly fault: Fault | readonly Fault[];
}

const oneOrMore = (value: unknown) => (Array.isArray(value) ? value : [value]);

const ruleSchema = z.strictObject({
  provider: z.enum(["openrouter", "groq"]).optional(),
  endpoint: z.enum(["chat", "completions"]).default("chat"),
  model: z.string().min(1),
  contains: z.string().min(1).optional(),
  key: z.string().length(4).optional(),
  calls: z.union([
    z.literal("all"),
    z.array(z.int().min(1)).readonly(),
    z.strictObject({ from: z.int().min(1), to: z.int().min(1).optional() }),
    z.strictObject({ share: z.number().min(0).max(1), seed: z.int().min(0) }),
  ]),
  fault: z.preprocess(oneOrMore, z.array(faultSchema).min(1).max(8)),
});

/** Checks rules that come over HTTP or from a test. */
export const rulesSchema = z.array(ruleSchema).max(1_000);

/** What a call is matched by. */
export interface CallTraits {
  readonly provider: WireProvider;
  readonly endpoint: WireEndpoint;
  readonly model: string;
  /** The last four characters of its key; empty without one. */
  readonly key: string;
  /** Whether a message of the call contains a text. */
  readonly contains: (text: string) => boolean;
}

/** What to play on a call. */
export interface PlayedFault {
  readonly kinds: readonly FaultKind[];
  readonly effect: FaultEffect;
}

/** The script of faults. */
export interface Schedule {
  /** Replaces all rules; counting starts again. Throws a ZodError that names every mistake. */
  set(rules: unknown): void;
  /** Counts the call and gives the fault of the first rule that wants it. */
  next(call: CallTraits): PlayedFault | undefined;
}

/** Makes a script without rules. */
export function createSchedule(): Schedule {
  let rules: { readonly rule: z.output<typeof ruleSchema>; readonly played: PlayedFault; count: number }[] =
    [];
  return {
    set(given) {
      rules = rulesSchema.parse(given).map((rule) => ({
        rule,
        played: { kinds: rule.fault.map(({ kind }) => kind), effect: together(rule.fault.map(faultEffect)) },
        count: 0,
      }));
    },
    next(call) {
      let first: PlayedFault | undefined;
      for (const entry of rules) {
        if (!fits(entry.rule, call)) continue;
        entry.count += 1;
        if (first === undefined && wants(entry.rule.calls, entry.count)) first = entry.played;
      }
      return first;
    },
  };
}

function together(effects: readonly FaultEffect[]): FaultEffect {
  return {
    instead(context) {
      for (const { instead } of effects) {
        const plan = instead?.(context);
        if (plan !== undefined) return plan;
      }
      return undefined;
    },
    draft: (draft, context) =>
      effects.reduce((changed, effect) => effect.draft?.(changed, context) ?? changed, draft),
    plan: (plan, draft, context) =>
      effects.reduce((changed, effect) => effect.plan?.(changed, draft, context) ?? changed, plan),
  };
}

function fits(rule: z.output<typeof ruleSchema>, call: CallTraits): boolean {
  return (
    (rule.provider === undefined || rule.provider === call.provider) &&
    rule.endpoint === call.endpoint &&
    (rule.model === "*" || rule.model === call.model) &&
    (rule.key === undefined || rule.key === call.key) &&
    (rule.contains === undefined || call.contains(rule.contains))
  );
}

function wants(calls: z.output<typeof ruleSchema>["calls"], count: number): boolean {
  if (calls === "all") return true;
  if ("share" in calls) return unit(calls.seed, "fault", count) < calls.share;
  if ("from" in calls) return count >= calls.from && (calls.to === undefined || count <= calls.to);
  return calls.includes(count);
}
