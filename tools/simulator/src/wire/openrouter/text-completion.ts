import type { Draft, Pace } from "../draft.js";
import { FINGERPRINT, PROVIDER_NAME } from "../fingerprint.js";
import type { Plan } from "../plan.js";
import { streamSteps, unarySteps } from "../stream-steps.js";
import { completionHeaders, PROCESSING } from "./chat.js";
import { openrouterMetadata, openrouterUsage } from "./usage.js";

/** The body of a legacy text completion. */
export function textBody(draft: Draft): Record<string, unknown> {
  const usage = openrouterUsage(draft);
  const choice = textChoice(draft.tokens?.join("") ?? null, draft.finishReason);
  return {
    ...head(draft),
    choices: draft.choices === "none" ? [] : draft.choices === "twice" ? [choice, choice] : [choice],
    ...(usage === undefined ? {} : { usage }),
    ...openrouterMetadata(draft),
  };
}

/** A whole text completion. */
export function textUnary(draft: Draft, waitMs: number): Plan {
  const steps = unarySteps(draft, waitMs, JSON.stringify(textBody(draft)));
  return { status: 200, headers: completionHeaders(draft, "application/json"), steps, failed: false };
}

/** A streamed text completion. */
export function textStream(draft: Draft, pace: Pace): Plan {
  const chunk = (choices: readonly object[], more: object = {}) =>
    JSON.stringify({ ...head(draft), choices, ...more });
  const usage = openrouterUsage(draft);
  const shape = {
    keepAlive: PROCESSING,
    lead: [],
    content: (token: string) => chunk([textChoice(token, null)]),
    end: [
      { json: chunk([textChoice("", draft.finishReason)]), part: "finish" as const },
      ...(usage === undefined
        ? []
        : [{ json: chunk([], { usage, ...openrouterMetadata(draft) }), part: "usage" as const }]),
    ],
  };
  const headers = completionHeaders(draft, "text/event-stream");
  return { status: 200, headers, steps: streamSteps(draft, pace, shape), failed: false };
}

function head(draft: Draft): Record<string, unknown> {
  return {
    id: draft.id,
    provider: PROVIDER_NAME,
    model: draft.model,
    object: "text_completion",
    created: draft.created,
    system_fingerprint: FINGERPRINT,
  };
}

function textChoice(text: string | null, finishReason: string | null): object {
  return { index: 0, text, finish_reason: finishReason, native_finish_reason: finishReason, logprobs: null };
}
