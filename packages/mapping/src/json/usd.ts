const nanosPerUsd = 1e9;

/** An amount of billionths of a US dollar in US dollars, as a number. */
export function usd(nanos: number | bigint): number {
  return Number(nanos) / nanosPerUsd;
}

/** A cost in US dollars; null when it is not known. */
export function costUsd(nanos: number | null): number | null {
  return nanos === null ? null : usd(nanos);
}
