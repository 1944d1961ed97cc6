import type { FinishReason, Message, Usage } from "@synod/consensus";
import type { ChatResponse, Consensus as ProtoConsensus } from "@synod/contracts/chat";
import {
  costUsd,
  fromProtoConsensus,
  fromProtoFinishReason,
  fromProtoMessage,
  fromProtoUsage,
  type ReadRecord,
  required,
} from "@synod/mapping";

/** How an answer of a panel came about. */
export interface Consensus extends ReadRecord {
  /** The run: `getRun` tells all of it. */
  readonly runId: string;
  /** The sum over every upstream call, in US dollars. Null when the cost of one of them is not known. */
  readonly costUsd: number | null;
}

/** An answer. */
export interface ChatAnswer {
  readonly id: string;
  /** The model that was asked for. */
  readonly model: string;
  /** The answer. Empty when it is calls of tools, or a refusal. */
  readonly text: string;
  /** The whole answer as a turn: put it into the `messages` of the next question. */
  readonly message: Message;
  readonly finishReason: FinishReason;
  /** The sum over every upstream call. */
  readonly usage: Usage;
  /** What that cost in US dollars. Null when it is not known. */
  readonly costUsd: number | null;
  /** How it came about. Null when one model was asked. */
  readonly consensus: Consensus | null;
  /** The name of the request in the server's log. */
  readonly requestId: string;
}

/** An answer from the contract. */
export function fromProtoAnswer(response: ChatResponse, requestId: string): ChatAnswer {
  const { id, model, finishReason, consensus } = response;
  const message = fromProtoMessage(required(response.message, "message"));
  const usage = fromProtoUsage(required(response.usage, "usage"));
  return {
    id,
    model,
    text: textOf(message),
    message,
    finishReason: fromProtoFinishReason(finishReason),
    usage,
    costUsd: costUsd(usage.costUsdNanos),
    consensus: consensus === undefined ? null : readConsensus(consensus),
    requestId,
  };
}

/** How an answer came about, from the contract. */
export function readConsensus(consensus: ProtoConsensus): Consensus {
  const record = fromProtoConsensus(consensus);
  return { ...record, runId: consensus.runId, costUsd: costUsd(record.usage.costUsdNanos) };
}

/** The text of a turn. */
export function textOf({ parts }: Message): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
