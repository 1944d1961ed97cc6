import { z } from "zod";
import type { Dialect } from "../wire/dialect.js";
import type { Draft } from "../wire/draft.js";
import type { Plan } from "../wire/plan.js";

/** The call that a fault is played on. */
export interface FaultContext {
  readonly dialect: Dialect;
  readonly model: string;
  readonly stream: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a fault changes: it answers instead of the model, changes what is said, or changes how it is sent. */
export interface FaultEffect {
  readonly instead?: (context: FaultContext) => Plan | undefined;
  readonly draft?: (draft: Draft, context: FaultContext) => Draft;
  readonly plan?: (plan: Plan, draft: Draft, context: FaultContext) => Plan;
}

/** One named fault: its parameters, and what it does with them. */
export interface FaultDefinition<Kind extends string, Shape extends z.ZodRawShape> {
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Shape, z.core.$strict>;
  /** The effect of a fault with these parameters. Throws a ZodError when they are wrong. */
  readonly bind: (fault: unknown) => FaultEffect;
}

/** Defines a fault by its name, its parameters (each with a default where one makes sense) and its effect. */
export function defineFault<const Kind extends string, Shape extends z.ZodRawShape>(
  kind: Kind,
  shape: Shape,
  effect: (fault: z.output<z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Shape, z.core.$strict>>) => FaultEffect,
): FaultDefinition<Kind, Shape> {
  const schema = z.strictObject({ kind: z.literal(kind), ...shape });
  return { schema, bind: (fault) => effect(schema.parse(fault)) };
}

/** The parameter that says when to come back. */
export const hintSchema = z
  .strictObject({
    seconds: z.number().min(0),
    as: z
      .enum(["seconds", "http_date", "milliseconds", "go_duration", "epoch_ms", "epoch_seconds"])
      .default("seconds"),
  })
  .optional();
