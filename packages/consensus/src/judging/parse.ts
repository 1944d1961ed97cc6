import { parseJsonReply, type ParseFailure, type ReplyForm } from "../replies/json-reply.js";
import { judgementSchema } from "./schema.js";
import type { Finding, Judgement } from "./verdict.js";

/**
 * Reads a judge's reply: `parseJsonReply` of the agreed schema. A missing `confidence` is read as null. A `wrong`
 * without a finding that names a problem is `unsure`.
 */
export function parseJudgement(text: string): Judgement | ParseFailure {
  const reply = parseJsonReply(text, form);
  return "error" in reply ? reply : settled(reply.json);
}

const form: ReplyForm<Judgement> = {
  name: "judgement",
  schema: judgementSchema,
  is: (json): json is Judgement => "verdict" in json && "findings" in json && "confidence" in json,
  defaults: { confidence: null },
};

function settled({ verdict, findings, confidence }: Judgement): Judgement {
  const real: readonly Finding[] = findings.filter((finding) => finding.problem.trim() !== "");
  return {
    verdict: verdict === "wrong" && real.length === 0 ? "unsure" : verdict,
    findings: real,
    confidence,
  };
}
