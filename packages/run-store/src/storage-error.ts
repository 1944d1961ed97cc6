/**
 * Why something could not be stored or read.
 *
 * - `full`: no room on the disk.
 * - `read_only`: the file, its file system or the database takes no writes.
 * - `broken`: what is stored is damaged, or is no database.
 * - `failing`: the disk gives errors.
 * - `unreachable`: no connection, or no answer in time.
 * - `denied`: the file's permissions, the user or the password.
 * - `busy`: another process holds the lock for too long.
 * - `newer`: a newer version of Synod has changed the database.
 * - `unreadable`: something in it is damaged, or of a newer version. The rest is not.
 * - `defect`: a statement that the database refuses. Trying again does not help.
 */
export type StorageProblem =
  | "full"
  | "read_only"
  | "broken"
  | "failing"
  | "unreachable"
  | "denied"
  | "busy"
  | "newer"
  | "unreadable"
  | "defect";

const advice: Readonly<Record<StorageProblem, string>> = {
  full: "the disk is full. Free some space",
  read_only: "it takes no writes. Make it writable",
  broken: "it is damaged or is no database of Synod. Move it away, or bring back a copy",
  failing: "reading and writing fail. Check the disk",
  unreachable: "it cannot be reached. Start it, or correct its address",
  denied: "access is denied. Check permissions, user and password",
  busy: "another process has locked it for too long. Try again, or end that process",
  newer: "a newer version of Synod has changed it. Run that version",
  unreadable: "something in it cannot be read. It is damaged, or of a newer version of Synod",
  defect: "a statement was refused",
};

/**
 * Something could not be stored or read. The message names the file or the host and says what to do; it holds no
 * secret. All but `newer`, `unreadable` and `defect` can pass without a restart.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly problem: StorageProblem;
  /** The file, or `host:port/database`. */
  readonly place: string;

  /** @param detail what the database itself says, without a secret. */
  constructor(problem: StorageProblem, place: string, detail: string, options: ErrorOptions = {}) {
    super(`${place}: ${advice[problem]}${detail === "" ? "" : ` (${detail})`}.`, options);
    this.problem = problem;
    this.place = place;
  }
}

const lasting: readonly StorageProblem[] = ["newer", "unreadable", "defect"];

/** Whether trying the same again later can help. */
export function canPass(error: unknown): error is StorageError {
  return error instanceof StorageError && !lasting.includes(error.problem);
}
