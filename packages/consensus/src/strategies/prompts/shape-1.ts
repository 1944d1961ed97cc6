/** What is added to a prompt whose answer must follow a schema, before the schema. A change is a new file, never an edit. */
export const shape1 = {
  version: "shape/1",
  instructions:
    "Write the final answer as one JSON value of the JSON Schema below, and nothing else: no text around it, no code" +
    " fence, no further line.",
} as const;
