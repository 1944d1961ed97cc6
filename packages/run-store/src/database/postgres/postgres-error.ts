import { StorageError, type StorageProblem } from "../../storage-error.js";

// SQLSTATE by its beginning, the longest first; then the codes of the operating system.
const byCode: readonly (readonly [prefix: string, problem: StorageProblem])[] = [
  ["53100", "full"],
  ["53200", "busy"],
  ["53300", "busy"],
  ["25006", "read_only"],
  ["57P0", "unreachable"], // shut down, started, or taken away
  ["57014", "busy"],
  ["55P03", "busy"],
  ["40001", "busy"],
  ["40P01", "busy"],
  ["28", "denied"],
  ["3D000", "denied"],
  ["42501", "denied"],
  ["08", "unreachable"],
  ["58030", "failing"],
  ["XX001", "broken"],
  ["XX002", "broken"],
  ["E", "unreachable"], // ECONNREFUSED, ENOTFOUND, ETIMEDOUT, EPIPE …
];

// The library has no codes for these.
const byMessage: readonly (readonly [pattern: RegExp, problem: StorageProblem])[] = [
  [/^Query read timeout$/, "unreachable"],
  [/timeout exceeded when trying to connect|timeout expired/, "unreachable"],
  [/^Connection terminated|^Client has encountered a connection error|is not queryable/, "unreachable"],
  [/password must be a string|SASL/, "denied"],
  [/does not support SSL|certificate|self.signed/, "denied"],
];

/**
 * What an error of PostgreSQL or its library means. The error itself is kept as the cause: neither its message nor its
 * fields hold the password.
 */
export function toPostgresError(error: unknown, place: string): StorageError {
  if (error instanceof StorageError) return error;
  const { message } = error instanceof Error ? error : { message: String(error) };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const problem =
    byCode.find(([prefix]) => code.startsWith(prefix))?.[1] ??
    byMessage.find(([pattern]) => pattern.test(message))?.[1] ??
    "defect";
  return new StorageError(problem, place, message === "" ? code : message, { cause: error });
}
