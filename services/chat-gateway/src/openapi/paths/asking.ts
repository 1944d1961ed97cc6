import { errorAnswers, eventStream, jsonAnswer, jsonBody, parameter, type Paths } from "../operation.js";
import { ref } from "../schema.js";

const asking = [parameter("RequestId"), parameter("DeadlineMs"), parameter("IdempotencyKey")];
const asked = errorAnswers(404, 405, 409, 413, 415, 422, 429, 502, 504);
const stream = "The last line is `data: [DONE]`. Lines that begin with `:` are comments.";

/** Where models are asked. */
export const askingPaths: Paths = {
  "/v1/chat/completions": {
    post: {
      operationId: "createChatCompletion",
      summary: "Ask a panel, or one model",
      description:
        "OpenAI's chat completions. `synod/<preset>` is a panel; `consensus` changes its preset for this call.",
      tags: ["Asking"],
      parameters: asking,
      requestBody: jsonBody(ref("ChatCompletionRequest")),
      responses: {
        200: {
          description: `The answer, or a stream of chunks. ${stream}`,
          content: {
            "application/json": { schema: ref("ChatCompletion") },
            ...eventStream(ref("ChatCompletionChunk")),
          },
        },
        ...asked,
      },
    },
  },
  "/v1/completions": {
    post: {
      operationId: "createCompletion",
      summary: "Let one model continue a text",
      tags: ["Asking"],
      parameters: asking,
      requestBody: jsonBody(ref("CompletionRequest")),
      responses: {
        200: {
          description: `The continuation, or a stream of its pieces. ${stream}`,
          content: { "application/json": { schema: ref("Completion") }, ...eventStream(ref("Completion")) },
        },
        ...asked,
      },
    },
  },
  "/api/routes/chat": {
    post: {
      operationId: "askDefaultPanel",
      summary: "Ask `synod/default` in the shape of the system that Synod reimplements",
      description: "A slash at the end of the path changes nothing.",
      tags: ["Asking"],
      parameters: asking,
      requestBody: jsonBody(ref("ReferenceRequest")),
      responses: { 200: jsonAnswer("The answer.", ref("ReferenceAnswer")), ...asked },
    },
  },
};
