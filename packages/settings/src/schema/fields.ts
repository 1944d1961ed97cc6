import { z } from "zod";

/** What a field is about, for the messages and for the JSON Schema. */
export interface About {
  /** One sentence for people who complete the file in an editor. */
  readonly about: string;
  /** What holds when the field is left out, in words. Example: `the provider's default`. */
  readonly unset?: string;
  /** What holds when the field is left out, as a value. It stands in the JSON Schema. */
  readonly default?: number | string | boolean | readonly never[] | null;
}

/** A value in a message: short, on one line. */
export function show(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function advice(what: string, about: About): string {
  const unset = about.unset ?? (about.default === undefined ? undefined : JSON.stringify(about.default));
  return `Use ${what}${unset === undefined ? "" : `, or leave it out for ${unset}`}.`;
}

function meta(about: About) {
  return { description: about.about, ...(about.default === undefined ? {} : { default: about.default }) };
}

function problem(input: unknown, wrong: string, what: string, about: About): string {
  if (input === undefined) return `is missing. ${advice(what, about)}`;
  return `${show(input)} ${wrong}. ${advice(what, about)}`;
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, about: About) {
  const error = ({ input }: { input?: unknown }) => {
    const what = `a whole number from ${min} to ${max}`;
    if (typeof input !== "number") return problem(input, "is not a number", what, about);
    if (!Number.isInteger(input)) return problem(input, "is not a whole number", what, about);
    return problem(input, `is not between ${min} and ${max}`, what, about);
  };
  return z.int({ error }).min(min, { error }).max(max, { error }).meta(meta(about));
}

/** A whole number from `min` to `max`, one word, or null. */
export function wholeWordOrNull<const T extends string>(min: number, max: number, name: T, about: About) {
  const error = ({ input }: { input?: unknown }) => {
    const what = `a whole number from ${min} to ${max}, "${name}", or null`;
    return problem(input, "is none of what may stand here", what, about);
  };
  return z.union([z.int().min(min).max(max), z.literal(name), z.null()], { error }).meta(meta(about));
}

/** A number from `min` to `max`. */
export function number(min: number, max: number, about: About) {
  const error = ({ input }: { input?: unknown }) => {
    const wrong = typeof input === "number" ? `is not between ${min} and ${max}` : "is not a number";
    return problem(input, wrong, `a number from ${min} to ${max}`, about);
  };
  return z.number({ error }).min(min, { error }).max(max, { error }).meta(meta(about));
}

/** A number above 0, up to `max`. */
export function positive(max: number, about: About) {
  const error = ({ input }: { input?: unknown }) => {
    const wrong = typeof input === "number" ? `is not above 0 and at most ${max}` : "is not a number";
    return problem(input, wrong, `a number above 0, at most ${max}`, about);
  };
  return z.number({ error }).gt(0, { error }).max(max, { error }).meta(meta(about));
}

/** true or false. */
export function flag(about: About) {
  const error = ({ input }: { input?: unknown }) =>
    problem(input, "is neither true nor false", "true or false", about);
  return z.boolean({ error }).meta(meta(about));
}

/** One of some words. */
export function word<const T extends readonly string[]>(words: T, about: About) {
  const error = ({ input }: { input?: unknown }) => {
    const what = `one of ${words.map((name) => `"${name}"`).join(", ")}`;
    return problem(input, "is not known", what, about);
  };
  return z.enum(words, { error }).meta(meta(about));
}

/** A text from `min` to `max` characters. */
export function text(min: number, max: number, about: About) {
  const error = ({ input }: { input?: unknown }) => {
    const what = `a text of ${min} to ${max} characters`;
    if (typeof input !== "string") return problem(input, "is not a text", what, about);
    return problem(input, input === "" ? "is empty" : `has ${input.length} characters`, what, about);
  };
  return z.string({ error }).min(min, { error }).max(max, { error }).meta(meta(about));
}

/** A text of a fixed form. `what` is its name, `form` says what it is made of. */
export function formatted(pattern: RegExp, what: string, form: string, about: About) {
  const error = ({ input }: { input?: unknown }) => problem(input, `is not ${what}`, form, about);
  return z.string({ error }).regex(pattern, { error }).meta(meta(about));
}

/** A list of at most `max` entries, at least `min`. */
export function list<T extends z.ZodType>(of: T, min: number, max: number, about: About) {
  const error = ({ input }: { input?: unknown }) => {
    const what = min === 0 ? `a list of at most ${max}` : `a list of ${min} to ${max}`;
    if (!Array.isArray(input)) return problem(input, "is not a list", what, about);
    return `has ${input.length} entries. ${advice(what, about)}`;
  };
  return z.array(of, { error }).min(min, { error }).max(max, { error }).meta(meta(about));
}

/** An object in which every key is known. */
export function object<T extends z.ZodRawShape>(shape: T, about: string) {
  const known = Object.keys(shape).filter((key) => key !== "$schema");
  const error = (issue: { code?: string; input?: unknown; keys?: unknown }) => {
    if (issue.code === "unrecognized_keys") return `unknown key. Known here: ${known.join(", ")}.`;
    return problem(issue.input, "is not an object", `an object with ${known.join(", ")}`, { about });
  };
  return z.strictObject(shape, { error }).describe(about);
}
