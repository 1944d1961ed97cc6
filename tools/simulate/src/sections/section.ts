import type { Checked } from "../figure.js";

/** A part of the report. */
export interface Section {
  readonly title: string;
  /** What is simulated, in a sentence or two. */
  readonly about: string;
  /** Its table. */
  readonly body: string;
  /** Its figures that have an exact one. */
  readonly checks: readonly Checked[];
}

/** What decides every figure of a section. */
export interface Size {
  readonly seed: number;
  readonly questions: number;
}
