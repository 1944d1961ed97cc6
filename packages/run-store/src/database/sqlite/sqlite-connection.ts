import { setTimeout } from "node:timers/promises";
import Library from "libsql/promise";
import type { Row, Value } from "../database.js";
import { toSqliteError } from "./sqlite-error.js";

interface Statement {
  all(...params: readonly Value[]): Promise<readonly Row[]>;
}

/** How long to wait for other processes, in milliseconds. */
const waitMs = 5_000;
/** The longest pause between two attempts, in milliseconds. */
const maxPauseMs = 16;
/** How many statements are kept prepared. */
const maxPrepared = 100;

/**
 * One connection to a file. The library runs scripts beside the event loop, and with them the waiting for the disk
 * (`COMMIT`). Single statements run in it: they work in memory.
 *
 * What it throws is a StorageError.
 */
export class SqliteConnection {
  readonly #file: string;
  readonly #library: {
    exec(sql: string): Promise<void>;
    prepare(sql: string): Promise<Statement>;
    close(): void;
  };
  readonly #prepared = new Map<string, Statement>();

  constructor(file: string) {
    this.#file = file;
    try {
      this.#library = new Library(file, { timeout: 0 });
    } catch (error) {
      throw toSqliteError(error, file);
    }
  }

  /** Runs statements without parameters, beside the event loop. */
  script(sql: string): Promise<void> {
    return this.#told(() => this.#library.exec(sql));
  }

  /** Runs one statement. Two at once are not allowed. */
  async rows(sql: string, params: readonly Value[]): Promise<readonly Row[]> {
    // The library would cut a text there without a word.
    if (params.some((value) => typeof value === "string" && value.includes("\0"))) {
      throw new TypeError("a text to be stored holds the character NUL");
    }
    return this.#told(async () => (await this.#prepare(sql)).all(...params));
  }

  close(): void {
    this.#prepared.clear();
    this.#library.close();
  }

  async #prepare(sql: string): Promise<Statement> {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const made = await this.#library.prepare(sql);
    const [oldest] = this.#prepared.keys();
    if (oldest !== undefined && this.#prepared.size >= maxPrepared) this.#prepared.delete(oldest);
    this.#prepared.set(sql, made);
    return made;
  }

  /** Waits for other processes here: the library would keep one of its few threads waiting. */
  async #told<T>(work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + waitMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(maxPauseMs, pauseMs * 2)) {
      try {
        return await work();
      } catch (error) {
        const told = toSqliteError(error, this.#file);
        if (told.problem !== "busy" || performance.now() > deadline) throw told;
        await setTimeout(pauseMs * (0.5 + Math.random()));
      }
    }
  }
}
