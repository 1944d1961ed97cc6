import { toJson } from "@bufbuild/protobuf";
import { type ChatRequest, ChatRequestSchema } from "@synod/contracts/chat";
import type { HandlerContext } from "@synod/rpc";
import { type LoggedRequest, loggedRequest } from "../logged-request.js";
import { callerOf } from "./know-caller.js";

/** How the run that a question over RPC asks for is logged: by the JSON form of `ChatRequest`. */
export function loggedChat(chat: ChatRequest, context: HandlerContext): LoggedRequest {
  const json = toJson(ChatRequestSchema, chat);
  const route = `${context.service.typeName}/${context.method.name}`;
  return loggedRequest(callerOf(context), route, { json, text: JSON.stringify(json) });
}
