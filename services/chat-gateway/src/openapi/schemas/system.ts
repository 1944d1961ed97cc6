import { object, type Schemas, word } from "../schema.js";

/** What probes are told. */
export const systemSchemas: Schemas = {
  Health: object({ status: word(["ok", "ready", "not ready"]) }),
};
