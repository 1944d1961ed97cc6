import { errorAnswers, inPath, inQuery, jsonAnswer, parameter, type Paths } from "../operation.js";
import { ref, whole } from "../schema.js";

const id = inPath("id", "The model's id. Its slashes are written as such or as `%2F`.");
const tags = ["Models"];
const most = 999_999_999;

/** What can be asked. */
export const modelPaths: Paths = {
  "/v1/models": {
    get: {
      operationId: "listModels",
      summary: "List panels, then the models of every provider that answers",
      tags,
      parameters: [
        inQuery(
          "offset",
          whole(undefined, { minimum: 0, maximum: most, default: 0 }),
          "How many to leave out first.",
        ),
        inQuery(
          "limit",
          whole(undefined, { minimum: 1, maximum: most }),
          "How many at most. All when left out.",
        ),
        parameter("RequestId"),
      ],
      responses: { 200: jsonAnswer("The models.", ref("ModelList")), ...errorAnswers(405) },
    },
  },
  "/v1/models/{id}": {
    get: {
      operationId: "getModel",
      summary: "Look up a panel or a model",
      tags,
      parameters: [id, parameter("RequestId")],
      responses: { 200: jsonAnswer("The model.", ref("Model")), ...errorAnswers(404, 405) },
    },
  },
  "/v1/models/{id}/endpoints": {
    get: {
      operationId: "listEndpoints",
      summary: "List who serves a model of OpenRouter",
      tags,
      parameters: [id, parameter("RequestId")],
      responses: {
        200: jsonAnswer("What OpenRouter says.", ref("Endpoints")),
        ...errorAnswers(404, 405, 429, 502, 504),
      },
    },
  },
  "/v1/credits": {
    get: {
      operationId: "getCredits",
      summary: "Read OpenRouter's credit, or the limits of its key",
      tags,
      parameters: [parameter("RequestId")],
      responses: {
        200: jsonAnswer("The credit.", ref("Credits")),
        ...errorAnswers(404, 405, 429, 502, 504),
      },
    },
  },
};
