import { constants, type Http2Session } from "node:http2";

/** The largest id of a stream: a GOAWAY that names it refuses no call that is under way. */
const lastStreamId = 2 ** 31 - 1;
/** How long to wait for the answer to a ping, in milliseconds. */
const pingTimeoutMs = 1_000;

/** How connections are closed. */
export interface ConnectionOptions {
  /** After how long a connection is closed gracefully, in milliseconds, give or take a tenth. `Infinity` for never. */
  readonly maxAgeMs: number;
  /** How long its calls may then go on, in milliseconds. */
  readonly graceMs: number;
}

/**
 * The HTTP/2 connections of a server. Each is closed gracefully at a maximum age, so that clients look up the name again
 * and find new replicas.
 */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #sessions = new Map<Http2Session, NodeJS.Timeout | undefined>();
  readonly #told = new WeakSet<Http2Session>();
  readonly #waiting = new Set<() => void>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Keeps a new connection. */
  add(session: Http2Session): void {
    this.#sessions.set(
      session,
      this.#later(this.#age(), () => this.retire(session)),
    );
    session.once("close", () => {
      clearTimeout(this.#sessions.get(session));
      this.#sessions.delete(session);
      if (this.#sessions.size === 0) for (const go of this.#waiting) go();
    });
  }

  /** Whether the client of a connection knows that it must not be used for new calls. */
  isTold(session: Http2Session | undefined): boolean {
    return session !== undefined && this.#told.has(session);
  }

  /**
   * Closes a connection gracefully: the client is told to start no new calls, those that were on the way are served, and
   * when all have ended, or the grace is over, it closes.
   */
  retire(session: Http2Session): void {
    clearTimeout(this.#sessions.get(session));
    if (session.closed || session.destroyed) return;
    session.goaway(constants.NGHTTP2_NO_ERROR, lastStreamId);
    const finish = () => {
      clearTimeout(this.#sessions.get(session));
      if (session.destroyed) return;
      this.#told.add(session);
      session.close();
      this.#sessions.set(
        session,
        this.#later(this.#options.graceMs, () => session.destroy()),
      );
    };
    // The answer to a ping that was sent after the GOAWAY says that the client has read both.
    this.#sessions.set(session, this.#later(pingTimeoutMs, finish));
    session.ping(finish);
  }

  /** Closes all gracefully. */
  retireAll(): void {
    for (const session of this.#sessions.keys()) this.retire(session);
  }

  /** Closes all at once. */
  destroyAll(): void {
    for (const session of this.#sessions.keys()) session.destroy();
  }

  /** Resolves when there is none left. */
  allClosed(): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #age(): number {
    return this.#options.maxAgeMs * (0.9 + Math.random() * 0.2);
  }

  #later(ms: number, action: () => void): NodeJS.Timeout | undefined {
    return Number.isFinite(ms) ? setTimeout(action, ms).unref() : undefined;
  }
}
