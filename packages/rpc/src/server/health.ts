import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus as Status } from "@synod/contracts/health";

/** How often a watcher looks whether the readiness changed, in milliseconds. */
const watchIntervalMs = 1_000;

/** What health needs. */
interface HealthOptions {
  /** The full names of the services that may be asked for. The empty name, for all of them, is always known. */
  readonly services: readonly string[];
  /** Whether calls are welcome now. */
  readonly ready: () => boolean;
  /** Fires when the server begins to stop: watchers are told, and their streams end. */
  readonly stopping: AbortSignal;
}

/** `grpc.health.v1`: all services share one state. It needs no secret and has no deadline. */
export function healthRoutes(options: HealthOptions): (router: ConnectRouter) => void {
  const known = new Set(["", ...options.services]);
  const status = () => (options.ready() && !options.stopping.aborted ? Status.SERVING : Status.NOT_SERVING);
  const statusOf = (service: string) => (known.has(service) ? status() : Status.SERVICE_UNKNOWN);

  async function* watch(service: string, signal: AbortSignal) {
    let last: Status | undefined;
    while (!signal.aborted) {
      const now = statusOf(service);
      if (now !== last) yield { status: now };
      last = now;
      if (options.stopping.aborted) return;
      await pause(watchIntervalMs, signal, options.stopping);
    }
  }

  return (router) => {
    router.service(
      Health,
      {
        check({ service }) {
          if (!known.has(service)) throw new ConnectError("unknown service", Code.NotFound);
          return { status: status() };
        },
        list: () => ({
          statuses: Object.fromEntries([...known].map((name) => [name, { status: status() }])),
        }),
        watch: ({ service }, { signal }) => watch(service, signal),
      },
      { interceptors: [] },
    );
  };
}

function pause(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    for (const signal of signals) signal.addEventListener("abort", go);
  });
}
