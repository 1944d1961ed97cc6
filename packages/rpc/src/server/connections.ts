import { constants, type Http2Session } from "node:http2";

/** The largest id of a stream: a GOAWAY that names it refuses no call that is under way. */
const lastStreamId = 2 ** 31 - 1;

/**
 * How long a client is given to read the end of its last call, in milliseconds. grpc-js takes a call for broken whose
 * connection closes while it still reads.
 */
const readingMs = 100;

/**
 * How long to wait for the answer to a ping, in milliseconds, which says that the client has read what was sent before it.
 * Node's client has no answer when it has no calls.
 */
const answerMs = 1_000;

/** How long the calls of a connection may go on once it is retired, in milliseconds: an hour, for no call lasts longer. */
const graceMs = 3_600_000;

/**
 * Node kills a connection on which more than 1,000 calls were cancelled, beyond 33 per second, with all its other calls. It is
 * retired when half of that is used up: a client that goes elsewhere when told so never meets the limit.
 */
const resetBurst = 500;
const resetsPerSecond = 33;

/** How connections are closed. */
interface ConnectionOptions {
  /**
   * After how long a connection is closed gracefully, in milliseconds, give or take a tenth. Its calls go on. `Infinity`
   * for never.
   */
  readonly maxAgeMs: number;
}

/**
 * The HTTP/2 connections of a server. Each is closed gracefully at a maximum age, so that clients look up the name again
 * and find new replicas.
 */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #connections = new Map<Http2Session, Connection>();
  readonly #waiting = new Set<() => void>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Keeps a new connection. */
  add(session: Http2Session): void {
    const connection = new Connection(session, this.#options);
    this.#connections.set(session, connection);
    session.once("close", () => {
      connection.stopTimers();
      this.#connections.delete(session);
      if (this.#connections.size > 0) return;
      for (const go of this.#waiting) go();
      this.#waiting.clear();
    });
  }

  /** Whether the client of a connection knows that it must not be used for new calls. */
  isTold(session: Http2Session | undefined): boolean {
    return session !== undefined && this.#connections.get(session)?.told === true;
  }

  /** Closes all gracefully. */
  retireAll(): void {
    for (const connection of this.#connections.values()) connection.retire();
  }

  /** Closes all at once. */
  destroyAll(): void {
    for (const session of this.#connections.keys()) session.destroy();
  }

  /** Resolves when there is none left. */
  allClosed(): Promise<void> {
    return this.#connections.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#waiting.add(resolve));
  }
}

/**
 * One connection: open; then retiring, when the client was told to start no new calls, and those that it has are served; then
 * closing, when it has had none for a while.
 */
class Connection {
  /** Whether the client knows that it must start no new calls. */
  told = false;
  readonly #session: Http2Session;
  #streams = 0;
  #resets = 0;
  #lastResetMs = performance.now();
  #retiring = false;
  #age: NodeJS.Timeout | undefined;
  #telling: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;

  constructor(session: Http2Session, options: ConnectionOptions) {
    this.#session = session;
    if (Number.isFinite(options.maxAgeMs)) {
      const ageMs = options.maxAgeMs * (0.9 + Math.random() * 0.2);
      this.#age = setTimeout(() => this.retire(), ageMs).unref();
    }
    session.on("stream", (stream) => {
      this.#streams += 1;
      clearTimeout(this.#quiet);
      stream.once("close", () => {
        this.#streams -= 1;
        if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.#countReset();
        this.#closeWhenQuiet();
      });
    });
    // A client that goes away half-closes its socket, which Node does not take for the end of the connection.
    session.once("goaway", () => session.close());
  }

  /** Closes it when its calls have ended, and hard when they outlast the grace. Whoever is in a hurry destroys it. */
  retire(): void {
    if (this.#retiring || this.#session.closed || this.#session.destroyed) return;
    this.#retiring = true;
    clearTimeout(this.#age);
    this.#session.goaway(constants.NGHTTP2_NO_ERROR, lastStreamId);
    this.#session.ping(() => this.#tell());
    this.#telling = setTimeout(() => this.#tell(), answerMs);
    this.#grace = setTimeout(() => this.#session.destroy(), graceMs).unref();
  }

  stopTimers(): void {
    for (const timer of [this.#age, this.#telling, this.#grace, this.#quiet]) clearTimeout(timer);
  }

  #tell(): void {
    this.told = true;
    this.#closeWhenQuiet();
  }

  #countReset(): void {
    const nowMs = performance.now();
    const forgiven = ((nowMs - this.#lastResetMs) / 1_000) * resetsPerSecond;
    this.#resets = Math.max(0, this.#resets - forgiven) + 1;
    this.#lastResetMs = nowMs;
    if (this.#resets > resetBurst) this.retire();
  }

  #closeWhenQuiet(): void {
    if (!this.told || this.#streams > 0) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#session.close(), readingMs);
  }
}
