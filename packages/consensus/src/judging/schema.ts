import type { Schema } from "@cfworker/json-schema";

const finding = {
  type: "object",
  properties: {
    quote: { type: "string" },
    problem: { type: "string" },
    severity: { type: "string", enum: ["minor", "major", "critical"] },
  },
  required: ["quote", "problem", "severity"],
  additionalProperties: false,
} as const;

const verdict = { type: "string", enum: ["right", "wrong", "unsure"] } as const;

/** The shape that judges are asked for. Bounds are left out: not every provider takes them in a schema. */
const asked = {
  type: "object",
  properties: {
    verdict,
    findings: { type: "array", items: finding },
    confidence: { type: ["number", "null"] },
  },
  required: ["verdict", "findings", "confidence"],
  additionalProperties: false,
} as const;

/** The JSON Schema of a judge's reply as text, for `response_format: json_schema`. */
export const judgementSchemaJson: string = JSON.stringify(asked);

/** The shape that a reply must have: the one that was asked for, with bounds. */
export const judgementSchema: Schema = {
  ...asked,
  type: "object",
  required: ["verdict", "findings", "confidence"],
  properties: {
    verdict: { ...verdict, enum: [...verdict.enum] },
    findings: {
      type: "array",
      maxItems: 100,
      items: {
        ...finding,
        required: [...finding.required],
        properties: {
          ...finding.properties,
          severity: { type: "string", enum: [...finding.properties.severity.enum] },
        },
      },
    },
    confidence: { type: ["number", "null"], minimum: 0, maximum: 1 },
  },
};
