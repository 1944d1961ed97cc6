import { setMaxListeners } from "node:events";
import type { Logger } from "@synod/telemetry";
import { Connections } from "./connections.js";
import type { Listener } from "./grpc-listener.js";
import { InFlight } from "./in-flight.js";
import type { NodeRequest } from "./node-handler.js";
import { serverStopping } from "./refuse.js";
import type { WebListener } from "./web-listener.js";

/** How long calls that were ended have to say so to their callers, in milliseconds. */
const lastWordsMs = 500;

/** What a lifecycle needs. */
interface LifecycleOptions {
  readonly logger: Logger;
  readonly maxConnectionAgeMs: number;
  readonly drainMs: number;
  readonly ready: () => boolean;
  readonly background: BackgroundWork | undefined;
}

/** What goes on without a call. */
export interface BackgroundWork {
  /** Resolves when nothing goes on. */
  idle(): Promise<void>;
  /** Ends what goes on. */
  end(): void;
}

/** What there is to close. */
interface Listeners {
  readonly grpc: Listener | undefined;
  readonly web: WebListener | undefined;
}

/** The state that the listeners of a server share: whether it is stopping, and what is still going on. */
export class Lifecycle {
  readonly inFlight = new InFlight();
  readonly connections: Connections;
  readonly #options: LifecycleOptions;
  readonly #stopping = new AbortController();
  readonly #abort = new AbortController();

  constructor(options: LifecycleOptions) {
    this.#options = options;
    // Every call listens; Node would warn of a leak at eleven.
    setMaxListeners(0, this.#stopping.signal, this.#abort.signal);
    this.connections = new Connections({ maxAgeMs: options.maxConnectionAgeMs });
  }

  /** Fires when the server begins to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Fires when the calls that still go on must end. */
  get abort(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether calls are welcome. */
  readonly ready = (): boolean => !this.stopping.aborted && this.#options.ready();

  /** Whether a new call is turned away. */
  readonly refuses = (request: NodeRequest): boolean => {
    if (!this.stopping.aborted) return false;
    // A client of HTTP/2 that does not know yet could not have gone elsewhere.
    return !("stream" in request) || this.connections.isTold(request.stream.session);
  };

  /** Stops: see `RunningServer.drain`. */
  async drain({ grpc, web }: Listeners): Promise<void> {
    const { logger, drainMs, background } = this.#options;
    logger.info({ inFlight: this.inFlight.count }, "stopping");
    this.#stopping.abort();
    const grpcClosed = grpc?.close();
    this.connections.retireAll();
    // Connections close by themselves, when their clients have heard and their calls have ended.
    const ended = Promise.all([this.inFlight.none(), this.connections.allClosed(), background?.idle()]);
    if (!(await within(ended, drainMs))) {
      logger.warn({ inFlight: this.inFlight.count }, "calls did not end in time: ending them");
      this.#abort.abort(serverStopping());
      background?.end();
      await within(Promise.all([this.inFlight.none(), background?.idle()]), lastWordsMs);
      this.connections.destroyAll();
    }
    const webClosed = web?.close();
    if (webClosed !== undefined && !(await within(webClosed, lastWordsMs))) web?.destroyAll();
    await Promise.all([grpcClosed, webClosed]);
    logger.info("stopped");
  }
}

/** Waits for something, but no longer than `ms` milliseconds. Resolves with whether it came. */
async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
