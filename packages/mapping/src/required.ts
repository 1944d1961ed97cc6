import { MappingError } from "./mapping-error.js";

/**
 * A message that a contract calls needed but cannot mark so.
 *
 * @throws MappingError when it is unset.
 */
export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new MappingError(field, "is unset");
  return value;
}
