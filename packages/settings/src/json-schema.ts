import { z } from "zod";
import { referenceSchema } from "./reference-format.js";
import { configSchema } from "./schema/config.js";
import { overrideSchema } from "./schema/preset.js";

/** The JSON Schema of the configuration file, as the text of `synod.schema.json`. */
export function jsonSchemaText(): string {
  const schema = z.union([configSchema, referenceSchema]).meta({ title: "synod.config.json" });
  // draft-7 is what editors know best.
  return `${JSON.stringify(z.toJSONSchema(schema, { io: "input", target: "draft-7" }), null, 2)}\n`;
}

/** The JSON Schema of the `consensus` object of a request, in the dialect of OpenAPI 3.1. */
export function overrideJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(overrideSchema, { io: "input" });
  return schema;
}
