import type { CompletionRequest } from "@synod/contracts/provider";
import { fromProtoMessages } from "@synod/mapping";
import type { Candidate, Plan } from "./plan.js";
import { bytesOf } from "./text-bytes.js";

/** The most that may be asked for a question to one model: one call. */
export function planOfModel({ model, messages, prompt, sampling, extraJson }: CompletionRequest): Plan {
  const maxOutputTokens = sampling?.maxOutputTokens;
  const schema = sampling?.responseFormat?.schemaJson ?? "";
  const sentBytes = bytesOf(fromProtoMessages(messages)) + Buffer.byteLength(prompt + extraJson + schema);
  const candidates: readonly Candidate[] = [model, ...modelsInstead(model, extraJson)].map((id) => ({
    model: id,
    maxOutputTokens,
  }));
  return { steps: [{ calls: [{ candidates, inputBytes: sentBytes, times: 1 }], times: 1 }], sentBytes };
}

/** Whom OpenRouter may ask in place of the model: its field `models`, without Synod's prefix. */
function modelsInstead(model: string, extraJson: string): readonly string[] {
  if (!extraJson.includes('"models"')) return [];
  const { models } = JSON.parse(extraJson) as { readonly models?: unknown };
  if (!Array.isArray(models)) return [];
  const prefix = model.startsWith("openrouter/") ? "openrouter/" : "";
  return models.flatMap((id: unknown) => (typeof id === "string" && id !== "" ? [`${prefix}${id}`] : []));
}
