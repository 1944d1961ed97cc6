import type { ChatModel } from "@synod/contracts/chat";
import { toNumber } from "@synod/mapping";

/** Something that can be asked. */
export interface Model {
  /** What to write as `model`. */
  readonly id: string;
  /** Who offers it: `synod` for a preset, else the provider. */
  readonly owner: string;
  /** When it was first listed. Null when unknown. */
  readonly createTime: Date | null;
  /** How many tokens it reads and writes together. Null when unknown. */
  readonly contextTokens: number | null;
}

/** Something that can be asked, from the contract. */
export function readModel({ id, owner, created, contextTokens }: ChatModel): Model {
  return {
    id,
    owner,
    createTime: created === 0n ? null : new Date(toNumber(created, "model.created") * 1_000),
    contextTokens: contextTokens === undefined ? null : toNumber(contextTokens, "model.context_tokens"),
  };
}
