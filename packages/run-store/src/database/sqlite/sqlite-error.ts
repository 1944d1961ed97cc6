import { StorageError, type StorageProblem } from "../../storage-error.js";

const byCode: readonly (readonly [prefix: string, problem: StorageProblem])[] = [
  ["SQLITE_FULL", "full"],
  ["SQLITE_READONLY", "read_only"],
  ["SQLITE_CORRUPT", "broken"],
  ["SQLITE_NOTADB", "broken"],
  ["SQLITE_IOERR", "failing"],
  ["SQLITE_CANTOPEN", "denied"],
  ["SQLITE_PERM", "denied"],
  ["SQLITE_AUTH", "denied"],
  ["SQLITE_BUSY", "busy"],
  ["SQLITE_LOCKED", "busy"],
  // Of the file system, when the folder or the file is made.
  ["ENOSPC", "full"],
  ["EDQUOT", "full"],
  ["EROFS", "read_only"],
  ["EACCES", "denied"],
  ["EPERM", "denied"],
  ["ENOENT", "denied"],
  ["ENOTDIR", "denied"],
  ["EISDIR", "denied"],
  ["EEXIST", "denied"],
  ["EIO", "failing"],
];

/** What an error of the embedded database means. */
export function toSqliteError(error: unknown, file: string): StorageError {
  if (error instanceof StorageError) return error;
  const { message } = error instanceof Error ? error : { message: String(error) };
  const code = codeOf(error);
  const problem = byCode.find(([prefix]) => code.startsWith(prefix))?.[1] ?? "defect";
  return new StorageError(problem, file, problem === "defect" ? message : code, { cause: error });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  // The library gives no code when a file cannot be opened.
  return error.message.startsWith("ConnectionFailed(") ? "SQLITE_CANTOPEN" : "";
}
