import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { jsonSchemaText } from "./json-schema.js";
import { presetSchema } from "./schema/preset.js";

test("synod.schema.json is current; if not: npm run generate", () => {
  const file = new URL("../../../synod.schema.json", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(jsonSchemaText());
});

test("an editor is told every key of a preset, with what it is about", () => {
  const [own] = JSON.parse(jsonSchemaText()).anyOf;
  const preset = own.properties.presets.additionalProperties;
  expect(Object.keys(preset.properties)).toEqual(Object.keys(presetSchema.shape));
  expect(preset.required).toEqual(["members"]);
  expect(preset.properties.deadline_ms).toEqual({
    type: "integer",
    minimum: 1,
    maximum: 3_600_000,
    description: "Milliseconds for the whole run.",
    default: 120_000,
  });
  expect(preset.properties.members.items.properties.model.description).toContain("without a known provider");
});
