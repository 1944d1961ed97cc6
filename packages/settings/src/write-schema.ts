import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { jsonSchemaText } from "./json-schema.js";

// Run by `npm run generate` and by `npm run check`, which writes it to a temporary file and compares.
const [, , target = "../../synod.schema.json"] = process.argv;
writeFileSync(resolve(target), jsonSchemaText());
