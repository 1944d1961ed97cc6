import { startSynod, type Deployment } from "./children/synod.js";
import { startWorker } from "./children/worker.js";
import { startPeer } from "./peers/start-peer.js";
import type { Peer } from "./peers/portkey.js";
import type { Field, RunningVariant } from "./field.js";
import type { VariantName } from "./rows/cell.js";

/** What the processes are started with. */
export interface FieldOptions {
  /** A folder of the bench's own, for logs and configuration. */
  readonly folder: string;
  /** Synod's configuration file. */
  readonly config: unknown;
  readonly deployments: readonly Deployment[];
  /** A peer, and where it is installed. */
  readonly peer?: { readonly peer: Peer; readonly folder: string } | undefined;
  /** Takes what must be stopped in the end, also when something later fails. */
  readonly onStarted: (stop: () => Promise<void>) => void;
  readonly onFailure: (failure: string) => void;
}

/** Starts the upstream, the load generator and every variant as processes. A Synod or a peer that does not start is reported and left out. */
export async function startField(options: FieldOptions): Promise<Field> {
  const { onStarted } = options;
  const upstream = await startWorker("upstream");
  onStarted(upstream.stop);
  const load = await startWorker("load");
  onStarted(load.stop);
  const proxy = await startWorker("bare-proxy", [upstream.url]);
  onStarted(proxy.stop);
  const fanOut = await startWorker("fan-out", [upstream.url]);
  onStarted(fanOut.stop);

  const variants = new Map<VariantName, RunningVariant>([
    ["direct", { url: `${upstream.url}/api/v1/chat/completions` }],
    ["bare proxy", { url: `${proxy.url}/api/v1/chat/completions`, pid: proxy.pid }],
    ["bare fan-out", { url: `${fanOut.url}/`, pid: fanOut.pid }],
  ]);
  const attempt = async (name: VariantName, start: () => Promise<RunningVariant>): Promise<void> => {
    try {
      variants.set(name, await start());
    } catch (error) {
      options.onFailure(error instanceof Error ? error.message : String(error));
    }
  };
  const synod = async (deployment: Deployment): Promise<RunningVariant> => {
    const { url, pid } = await startSynod({ ...options, deployment, upstreamUrl: upstream.url });
    return { url: `${url}/v1/chat/completions`, pid };
  };
  const { peer } = options;
  await Promise.all([
    ...options.deployments.map((deployment) => attempt(deployment, () => synod(deployment))),
    ...(peer === undefined
      ? []
      : [
          attempt("portkey", () =>
            startPeer(peer.peer, { folder: peer.folder, upstreamUrl: upstream.url, onStarted }),
          ),
        ]),
  ]);
  return { load, upstream, variants };
}
