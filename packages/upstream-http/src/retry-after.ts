const longestMs = 24 * 3_600_000;

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const atMostADay = (ms: number): number => Math.min(Math.max(Math.ceil(ms), 0), longestMs);

/** A duration as Go prints it (`2m52.8s`, `547ms`), in whole milliseconds rounded up; undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (!/^(\d{1,12}(\.\d{1,12})?(ns|us|µs|ms|h|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/([\d.]+)(ns|us|µs|ms|h|m|s)/g)) {
    total += Number(amount) * (unitMs[unit] ?? 0);
  }
  return atMostADay(total);
}

/**
 * The wait that a `Retry-After` asks for: seconds, an HTTP date, or a Go duration.
 *
 * @param now milliseconds since 1970, for dates.
 * @returns whole milliseconds, 0 to one day; undefined when it cannot be read.
 */
export function parseRetryAfter(value: string, now: number): number | undefined {
  const text = value.trim();
  if (/^\d{1,12}(\.\d{1,12})?$/.test(text)) return atMostADay(Number(text) * 1000);
  const duration = parseGoDuration(text);
  if (duration !== undefined) return duration;
  const date = /^[A-Z][a-z]{2}, \d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : atMostADay(date - now);
}

/**
 * The wait that a response asks for: `retry-after-ms`, else `retry-after`.
 *
 * @param header looks a header up by its lower-case name.
 * @param now milliseconds since 1970, for dates.
 */
export function retryAfterMs(header: (name: string) => string | undefined, now: number): number | undefined {
  const milliseconds = header("retry-after-ms")?.trim() ?? "";
  if (/^\d{1,12}(\.\d{1,12})?$/.test(milliseconds)) return atMostADay(Number(milliseconds));
  return parseRetryAfter(header("retry-after") ?? "", now);
}
