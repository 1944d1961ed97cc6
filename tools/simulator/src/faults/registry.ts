import { z } from "zod";
import { bytes } from "./bytes.js";
import { connection } from "./connection.js";
import { content } from "./content.js";
import type { FaultEffect } from "./definition.js";
import { framings } from "./framing.js";
import { refusals } from "./refusals.js";
import { upstreamFailures } from "./upstream-failures.js";

/** Every fault by its name. */
export const faults = {
  ...refusals,
  ...upstreamFailures,
  ...content,
  ...connection,
  ...bytes,
  ...framings,
} as const;

/** The name of a fault. */
export type FaultKind = keyof typeof faults;

/** A fault with its parameters; those with a default may be left out. */
export type Fault = { [Kind in FaultKind]: z.input<(typeof faults)[Kind]["schema"]> }[FaultKind];

/** Checks a fault: a known `kind`, the parameters of that kind and no others. */
export const faultSchema = z
  .looseObject({ kind: z.enum(Object.keys(faults) as [FaultKind, ...FaultKind[]]) })
  .superRefine((fault, context) => {
    const checked = faults[fault.kind].schema.safeParse(fault);
    for (const issue of checked.error?.issues ?? []) {
      context.addIssue({ code: "custom", path: issue.path, message: issue.message });
    }
  });

/** What a fault that passed the check does. */
export function faultEffect(fault: { readonly kind: FaultKind }): FaultEffect {
  return faults[fault.kind].bind(fault);
}
