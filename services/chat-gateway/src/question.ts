import type { Message, Sampling } from "@synod/consensus";
import { wantsMembers } from "@synod/settings";
import { invalid } from "./failure.js";

/** What every question has, whatever it asks. */
interface AnyQuestion {
  /** `synod/<preset>`, or the id of one model. */
  readonly model: string;
  readonly sampling: Sampling;
  /** Request fields that go to one model's provider as they are: a JSON object as text. Empty when there are none. */
  readonly extraJson: string;
  /** Milliseconds that the caller is ready to wait. No limit of its own when undefined. */
  readonly deadlineMs: number | undefined;
}

/** What a caller asks, the same for every API. */
export interface Question extends AnyQuestion {
  /** 1 message or more. */
  readonly messages: readonly Message[];
  /** The request's `consensus` object, not checked yet. Undefined when it has none. */
  readonly consensus: unknown;
  /** The tools that a panel may call, and what goes with them: a JSON object as text. Undefined when there are none. */
  readonly toolsJson?: string;
}

/** A text that one model shall continue. */
export interface TextQuestion extends AnyQuestion {
  /** 1 character or more. */
  readonly prompt: string;
}

/** The prefix of models that are panels. */
export const panelPrefix = "synod/";

/** Whether a panel is asked, not one model. */
export function isPanel(model: string): boolean {
  return model.startsWith(panelPrefix) || `${model}/` === panelPrefix;
}

/**
 * Checks a question whose answer is not streamed.
 *
 * @throws SynodError `invalid_value` when it wants to see what members write.
 */
export function checkUnwatched({ consensus }: Question): void {
  if (!wantsMembers(consensus)) return;
  throw invalid(
    "consensus.stream",
    "consensus.stream: members are shown in a stream alone. Set stream to true.",
  );
}

/** A conversation without what only the model that wrote it understands: panels are asked no other way. */
export function forPanel(messages: readonly Message[]): Message[] {
  return messages.map(
    ({ refusal: _refusal, reasoning: _reasoning, extraJson: _extraJson, ...message }) => message,
  );
}
