/** A time that something took: `850 ms`, `1.3 s`, `2 m 05 s`. */
export function duration(ms: number): string {
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
}

/** A point in time, to the second, in UTC: `2026-11-28T21:46:16Z`. */
export function instant(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** A share of 0 to 1: `80 %`. */
export function share(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** An amount of US dollars: `$0.0012`, `$12.50`; `cost unknown` for null. */
export function dollars(usd: number | null): string {
  if (usd === null) return "cost unknown";
  if (usd === 0) return "$0";
  return usd >= 1 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(2))}`;
}

/** `1 call`, `2 calls`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
