import type { Message, Sampling } from "@synod/consensus";

/** What a caller asks, the same for every API. */
export interface Question {
  /** `synod/<preset>`, or the id of one model. */
  readonly model: string;
  /** 1 message or more. */
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  /** The request's `consensus` object, not checked yet. Undefined when it has none. */
  readonly consensus: unknown;
  /** Request fields that go to one model's provider as they are: a JSON object as text. Empty when there are none. */
  readonly extraJson: string;
  /** Milliseconds that the caller is ready to wait. No limit of its own when undefined. */
  readonly deadlineMs: number | undefined;
}

/** The prefix of models that are panels. */
export const panelPrefix = "synod/";

/** Whether a panel is asked, not one model. */
export function isPanel(model: string): boolean {
  return model.startsWith(panelPrefix) || `${model}/` === panelPrefix;
}
