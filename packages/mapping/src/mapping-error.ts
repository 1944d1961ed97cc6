/** A value of one side that the other cannot hold: an enum value of a newer build, a number beyond 2^53. */
export class MappingError extends Error {
  override readonly name = "MappingError";
  /** What the value was meant to be. Example: `usage.cost_usd_nanos`. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.field = field;
  }
}
