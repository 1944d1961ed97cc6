import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** The first mistake that zod found: where, and what. */
export function firstMistake(issues: readonly Issue[]): { readonly param: string; readonly message: string } {
  const issue = innermost(issues[0]);
  if (issue === undefined) return { param: "", message: "is not valid" };
  if (issue.code === "unrecognized_keys") {
    return { param: pathOf([...issue.path, issue.keys[0] ?? ""]), message: "is not a known field" };
  }
  return { param: pathOf(issue.path), message: issue.message };
}

/** Of a union's alternatives, the one that got furthest says best what is wrong. */
function innermost(issue: Issue | undefined): Issue | undefined {
  if (issue?.code !== "invalid_union") return issue;
  const depth = (issues: readonly Issue[]): number => issues[0]?.path.length ?? 0;
  const furthest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0];
  if (furthest === undefined || depth(furthest) === 0) return issue;
  const inner = innermost(furthest[0]);
  return inner && { ...inner, path: [...issue.path, ...inner.path] };
}

/** Example: `messages[0].role`. */
export function pathOf(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? String(part) : `.${String(part)}`;
  }
  return text;
}
