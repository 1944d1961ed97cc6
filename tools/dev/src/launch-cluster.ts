import { layOutCluster, type ClusterOptions } from "./cluster-layout.js";
import { type ProcessWatch, ServiceProcess, type ServiceSpec } from "./service-process.js";

/** A running cluster. */
export interface Cluster {
  /** The public ports. */
  readonly gateway: Pick<ServiceSpec, "webPort" | "grpcPort">;
  /** Stops the chat gateway, then the services behind it. True when every process ended with exit code 0. */
  stop(): Promise<boolean>;
}

/**
 * Starts the services as processes on loopback, those that others need first.
 *
 * A process that dies by itself is started again on its ports, until it dies too often. Throws when one does not become
 * ready; what was started is stopped then.
 */
export async function launchCluster(options: ClusterOptions, watch: ProcessWatch): Promise<Cluster> {
  const { layers: layout, gateway } = await layOutCluster(options);
  const layers = layout.map((layer) => layer.map((spec) => new ServiceProcess(spec, watch)));
  let clean: Promise<boolean> | undefined;
  const cluster: Cluster = {
    gateway,
    stop: () => (clean ??= stopLayers(layers)),
  };
  try {
    for (const layer of layers) {
      for (const process of layer) process.start();
      await Promise.all(layer.map((process) => process.ready()));
    }
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

async function stopLayers(layers: readonly (readonly ServiceProcess[])[]): Promise<boolean> {
  let clean = true;
  for (const layer of layers.toReversed()) {
    const ends = await Promise.all(layer.map((process) => process.stop()));
    clean &&= ends.every((end) => end);
  }
  return clean;
}
