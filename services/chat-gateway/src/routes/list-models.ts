import { create } from "@bufbuild/protobuf";
import { ChatModelSchema, type ChatService, ListModelsResponseSchema } from "@synod/contracts/chat";
import { callContext, type ServiceImpl } from "@synod/rpc";
import type { RouteDeps } from "./deps.js";

/** `ChatService.ListModels` */
export function listModels(deps: RouteDeps): ServiceImpl<typeof ChatService>["listModels"] {
  return async (_request, context) => {
    const call = callContext(context);
    const models = await deps.listModels(call, call.signal);
    return create(ListModelsResponseSchema, {
      models: models.map(({ id, owner, created, contextTokens }) =>
        create(ChatModelSchema, {
          id,
          owner,
          created: BigInt(created),
          contextTokens: contextTokens === undefined ? undefined : BigInt(contextTokens),
        }),
      ),
    });
  };
}
