import { z } from "zod";
import { referenceSchema } from "./reference-format.js";
import { configSchema } from "./schema/config.js";

/** The JSON Schema of the configuration file, as the text of `synod.schema.json`. */
export function jsonSchemaText(): string {
  const schema = z.union([configSchema, referenceSchema]).meta({ title: "synod.config.json" });
  // draft-7 is what editors know best.
  return `${JSON.stringify(z.toJSONSchema(schema, { io: "input", target: "draft-7" }), null, 2)}\n`;
}
