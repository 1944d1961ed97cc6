import type { z } from "zod";
import type { Mistake } from "../mistakes.js";

type Issue = z.core.$ZodIssue;

/** Writes a path as in code: `presets.default.members[1]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const name = String(part);
      if (!/^[\w$-]{1,64}$/.test(name)) return `[${JSON.stringify(name.slice(0, 64))}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** Turns what zod found into mistakes, each once, with their paths below `prefix`. */
export function mistakesOf(
  issues: readonly Issue[],
  source: string,
  prefix: readonly PropertyKey[] = [],
): readonly Mistake[] {
  const mistakes = issues.flatMap((issue) => issueMistakes(issue, source, prefix));
  const seen = new Set<string>();
  return mistakes.filter(({ path, message }) => {
    const key = `${path}: ${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function issueMistakes(issue: Issue, source: string, prefix: readonly PropertyKey[]): Mistake[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ source, path: pathText([...path, key]), message: issue.message }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => ({ source, path: pathText(path), message: inner.message }));
  }
  return [{ source, path: pathText(path), message: issue.message }];
}
