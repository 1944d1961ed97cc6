import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { normal, type Random } from "../random.js";

/** Log-normal latencies. */
export interface Latency {
  /** Milliseconds that half of the calls do not exceed. */
  readonly medianMs: number;
  /** The standard deviation of their logarithm. 0.8: one in 20 takes 3.7 times the median. */
  readonly sigma: number;
}

/** How slow the members of every simulated round are: chosen so that the slowest of five has its p95 at 38 s. */
export const slow: Latency = { medianMs: 6_000, sigma: 0.8 };

/** How long a call takes, in milliseconds. */
export function latency({ medianMs, sigma }: Latency, random: Random): number {
  return medianMs * Math.exp(sigma * normal(random));
}

/** What the slowest of n calls does not exceed with this probability, in milliseconds: the distribution to the power n. */
export function slowestOf(n: number, probability: number, { medianMs, sigma }: Latency): number {
  return medianMs * Math.exp(sigma * normalQuantile(probability ** (1 / n), 0, 1));
}
