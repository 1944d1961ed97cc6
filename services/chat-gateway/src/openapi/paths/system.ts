import { errorAnswers, jsonAnswer, jsonBody, type Paths } from "../operation.js";
import { ref, text, word } from "../schema.js";

const tags = ["System"];
const open = [{}];

/** What is not about questions. */
export const systemPaths: Paths = {
  "/": {
    get: {
      operationId: "getPage",
      summary: "See what runs here",
      tags,
      responses: {
        200: { description: "A page.", content: { "text/html": { schema: text() } } },
        ...errorAnswers(405),
      },
    },
  },
  "/openapi.json": {
    get: {
      operationId: "getOpenApi",
      summary: "Read this document",
      tags,
      responses: { 200: jsonAnswer("This document.", { type: "object" }), ...errorAnswers(405) },
    },
  },
  "/healthz": {
    get: {
      operationId: "isAlive",
      summary: "Ask whether the process runs",
      tags,
      security: open,
      responses: { 200: jsonAnswer("It does.", ref("Health")) },
    },
  },
  "/readyz": {
    get: {
      operationId: "isReady",
      summary: "Ask whether requests are welcome",
      tags,
      security: open,
      responses: {
        200: jsonAnswer("They are.", ref("Health")),
        503: jsonAnswer("It starts, or stops.", ref("Health")),
      },
    },
  },
  "/metrics": {
    get: {
      operationId: "getMetrics",
      summary: "Read the metrics, in the format of Prometheus",
      tags,
      responses: {
        200: { description: "The metrics.", content: { "text/plain": { schema: text() } } },
        ...errorAnswers(),
      },
    },
  },
  "/synod.chat.v1.ChatService/{method}": {
    post: {
      operationId: "callChatService",
      summary: "Call a method of `synod.chat.v1.ChatService` by Connect",
      description:
        "The messages are those of `proto/synod/chat/v1/chat_service.proto`, in JSON or binary. gRPC-Web works here too, and gRPC on its own port. A method that streams takes `application/connect+json`.",
      tags: ["RPC"],
      parameters: [
        {
          name: "method",
          in: "path",
          required: true,
          schema: word([
            ...["Chat", "StreamChat", "ListModels"],
            ...["GetRun", "ListRuns", "CancelRun", "StreamRunEvents"],
          ]),
        },
      ],
      requestBody: jsonBody({ type: "object" }),
      responses: {
        200: jsonAnswer("The response message.", { type: "object" }),
        default: jsonAnswer("An error, as Connect has it.", {
          type: "object",
          properties: { code: text(), message: text(), details: { type: "array" } },
          required: ["code"],
        }),
      },
    },
  },
};
