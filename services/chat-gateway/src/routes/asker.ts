import type { ChatRequest } from "@synod/contracts/chat";
import { type CallContext, callContext, type CallWork, type HandlerContext, workOf } from "@synod/rpc";
import type { Caller } from "../caller.js";
import { type Claim, claimed, type LoggedRequest } from "../logged-request.js";
import { callerOf } from "./know-caller.js";
import { loggedChat } from "./logged-chat.js";

/** Who asks a question over RPC, and how its run is logged. */
export interface Asker {
  readonly caller: Caller;
  readonly call: CallContext;
  /** What goes on for the call. */
  readonly work: CallWork;
  readonly logged: LoggedRequest;
}

/** Who asks a question by a call. */
export function askerOf(chat: ChatRequest, context: HandlerContext): Asker {
  const logged = loggedChat(chat, context);
  return { caller: callerOf(context), call: callContext(context), work: workOf(context), logged };
}

/** The same once it holds an idempotency key: it goes on when the call is over. */
export function detached(asker: Asker, claim: Claim, signal: AbortSignal): Asker {
  const { call } = asker;
  const outgoing: CallContext["outgoing"] = (options) => call.outgoing({ signal, ...options });
  return { ...asker, call: { ...call, signal, outgoing }, logged: claimed(asker.logged, claim) };
}
