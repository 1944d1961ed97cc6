import { get } from "./api.js";
import type { Deployment } from "./deployment.js";

/** The sum of a metric of the provider gateway over all series that have these labels. */
export async function providerMetric(
  deployment: Deployment,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const ofCluster = /^ *provider-gateway .*HTTP (\S+)/m.exec(deployment.output())?.[1];
  const { text } = await get(`${ofCluster === undefined ? deployment.url : `http://${ofCluster}`}/metrics`);
  const series = text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return series
    .filter((line) => wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
