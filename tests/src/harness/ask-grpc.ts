import { type Client, type Code, ConnectError } from "@connectrpc/connect";
import { type ChatResponse, ChatService } from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { createGrpcTransport, createServiceClient, failureOf } from "@synod/rpc";

/** A client of Synod's ChatService, over one connection. */
export interface GrpcClient extends AsyncDisposable {
  /** Asks one model, or a panel. `toolsJson`: the tools that may be called. */
  ask(model: string, text?: string, toolsJson?: string): Promise<ChatResponse>;
  /** Asks what fails, and gives the code, the reason and the wait that the error names. */
  failure(model: string): Promise<GrpcFailure>;
}

/** What an error over gRPC says. */
export interface GrpcFailure {
  readonly code: Code;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
}

/** Connects to a deployment's gRPC address. */
export function grpcClient(address: string): GrpcClient {
  const transport = createGrpcTransport({ target: address, services: [ChatService] });
  const client: Client<typeof ChatService> = createServiceClient(ChatService, transport);
  const ask = (model: string, text = "What is 17 * 23?", toolsJson = ""): Promise<ChatResponse> =>
    client.chat({
      model,
      toolsJson,
      messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: text } }] }],
    });
  return {
    ask,
    async failure(model) {
      const error = await ask(model).then(
        () => new Error(`${model} has answered.`),
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof ConnectError)) throw error;
      const { reason, retryAfterMs } = failureOf(error);
      return { code: error.code, reason, retryAfterMs };
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
