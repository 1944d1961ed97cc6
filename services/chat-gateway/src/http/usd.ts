const nanosPerUsd = 1e9;

/** An amount of billionths of a US dollar in US dollars, as a number. */
export function usd(nanos: number | bigint): number {
  return Number(nanos) / nanosPerUsd;
}
