import { object, type Schemas, text } from "../schema.js";
import { askingProperties } from "./chat-request.js";

/** What is sent to let one model continue a text. */
export const completionRequestSchemas: Schemas = {
  CompletionRequest: {
    ...object(
      {
        ...askingProperties,
        prompt: {
          anyOf: [
            text(undefined, { minLength: 1 }),
            { type: "array", prefixItems: [text(undefined, { minLength: 1 })], minItems: 1, maxItems: 1 },
          ],
        },
      },
      "OpenAI's text completion, of one model. Other fields go to its provider as they are.",
    ),
    additionalProperties: true,
  },
};
