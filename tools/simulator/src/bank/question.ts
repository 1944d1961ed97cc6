/** What a question is about. `sum` is any `What is A op B?`. */
export type QuestionKind = "sum" | "word_problem" | "units" | "dates" | "logic" | "facts";

/** A question with its known answer. It never leaves the process whole. */
export interface Question {
  readonly text: string;
  readonly kind: QuestionKind;
  readonly answer: string;
  /** What a model that errs says: plausible, never the answer, at least one. */
  readonly wrong: readonly string[];
  /** 0 or more: a model of ability `a` is right with probability `a ** difficulty`. */
  readonly difficulty: number;
}
