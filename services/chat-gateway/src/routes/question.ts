import type { Message } from "@synod/consensus";
import type { ChatRequest } from "@synod/contracts/chat";
import type { Message as ProtoMessage } from "@synod/contracts/model";
import { fromProtoMessage, fromProtoSampling, MappingError } from "@synod/mapping";
import { type CallContext, SynodError } from "@synod/rpc";
import { parseOverride, SettingsError } from "@synod/settings";
import { invalid } from "../failure.js";
import { forPanel, isPanel, type Question } from "../question.js";
import { checkTools, isToolField } from "../tools.js";
import { checkChat, objectIn } from "./check-chat.js";

/**
 * Reads a question from the contract. Its deadline is what is left of the call's own, less the time to tell the outcome.
 *
 * @param maxMessages The most messages, 1 or more.
 * @throws SynodError `invalid_value` for what cannot be honoured.
 */
export function questionOf(chat: ChatRequest, call: CallContext, maxMessages: number): Question {
  if (chat.messages.length > maxMessages) {
    throw invalid("messages", `messages must have at most ${maxMessages} entries.`);
  }
  const panel = isPanel(chat.model);
  if (!panel && chat.consensusJson !== "") {
    throw invalid(
      "consensus_json",
      "consensus_json is for panels (`synod/…`). Leave it out to ask one model.",
    );
  }
  const deadlineMs = deadlineOf(call);
  checkChat(chat);
  const toolsJson = toolsOf(chat);
  try {
    const messages = chat.messages.map(turnOf);
    return {
      model: chat.model,
      messages: panel ? forPanel(messages) : messages,
      sampling: fromProtoSampling(chat.sampling),
      consensus:
        chat.consensusJson === "" ? undefined : parseOverride(objectIn("consensus_json", chat.consensusJson)),
      extraJson: panel ? "" : (toolsJson ?? ""),
      ...(panel && toolsJson !== undefined && { toolsJson }),
      deadlineMs,
    };
  } catch (error) {
    if (error instanceof MappingError) throw invalid(error.field, error.message);
    if (error instanceof SettingsError) {
      const [mistake] = error.mistakes;
      throw invalid(mistake?.path ?? "consensus_json", error.message);
    }
    throw error;
  }
}

function deadlineOf(call: CallContext): number | undefined {
  const { timeoutMs } = call.outgoing();
  // Nobody can be asked, and told what came of it, in no time.
  if (timeoutMs !== undefined && timeoutMs < 1) {
    throw new SynodError({
      reason: "deadline_exceeded",
      message: "The deadline leaves no time to ask anybody.",
    });
  }
  return timeoutMs;
}

function toolsOf({ toolsJson }: ChatRequest): string | undefined {
  if (toolsJson === "") return undefined;
  const fields = objectIn("tools_json", toolsJson);
  const unknown = Object.keys(fields).find((name) => !isToolField(name));
  if (unknown !== undefined) {
    throw invalid("tools_json", `tools_json: ${JSON.stringify(unknown.slice(0, 64))} is not about tools.`);
  }
  return checkTools(fields) ? toolsJson : undefined;
}

function turnOf(message: ProtoMessage): Message {
  const turn = fromProtoMessage(message);
  const { refusal, ...others } = turn;
  if (refusal === undefined || turn.parts.length > 0) return turn;
  // What a model refused to say is what it said.
  return { ...others, parts: [{ type: "text", text: refusal }] };
}
