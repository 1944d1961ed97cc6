const months = "january february march april may june july august september october november december".split(
  " ",
);
const names = months
  .map((month) => `${month.slice(0, 3)}(?:${month.slice(3)}|\\.)?`)
  .join("|")
  .replace("sep(", "sept?(");
const dayFirst = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?<day>\d{1,2})\.?\s+(?:of\s+)?(?<month>${names})\s*,?\s+(?<year>\d{4})(?!\d)`,
  "giu",
);
const monthFirst = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?<month>${names})\s+(?<day>\d{1,2})\s*,?\s+(?<year>\d{4})(?!\d)`,
  "giu",
);
const dotted = /(?<![\d.])(?<day>\d{1,2})\.\s?(?<month>\d{1,2})\.\s?(?<year>\d{4})(?![\d.]*\d)/g;
const yearFirst = /(?<![\d/])(?<year>\d{4})\/(?<month>\d{1,2})\/(?<day>\d{1,2})(?![\d/])/g;
const slashed = /(?<![\d/])(?<first>\d{1,2})\/(?<second>\d{1,2})\/(?<year>\d{4})(?![\d/])/g;
const clock = /(?<![\d:.,])(?<hour>1[0-2]|0?[1-9])(?::(?<minute>[0-5]\d))?\s?(?<half>[ap])\.?m\b\.?/gi;

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * Writes dates as `2024-03-15` and times of day as `15:05`: `March 15, 2024`, `15 March 2024`, `15.03.2024`,
 * `2024/03/15`, `3:05 pm`. Of `15/03/2024` and `03/15/2024` the number above 12 is the day; where both may be
 * (`03/04/2024`), the date stays as it is, since half of the world reads it the other way round.
 */
export function plainDates(text: string): string {
  const timed = /\d\s?[ap]\.?m/i.test(text) ? text.replace(clock, rewritten(timeOf)) : text;
  return /\d{4}/.test(timed) ? withDates(timed) : timed;
}

function withDates(text: string): string {
  return [dayFirst, monthFirst, dotted, yearFirst]
    .reduce((current, pattern) => current.replace(pattern, rewritten(dateOf)), text)
    .replace(slashed, rewritten(slashedDate));
}

/** A replacement by the named groups; what is no date stays. */
function rewritten(write: (groups: Groups) => string | null): (match: string, ...rest: unknown[]) => string {
  return (match, ...rest) => {
    const groups = rest.at(-1);
    return typeof groups === "object" && groups !== null ? (write({ ...groups }) ?? match) : match;
  };
}

function dateOf({ year = "", month = "", day = "" }: Groups): string | null {
  const named = months.findIndex((name) => name.startsWith(month.slice(0, 3).toLowerCase()));
  const number = named < 0 ? Number(month) : named + 1;
  return isDay(number, Number(day)) ? `${year}-${padded(number)}-${padded(Number(day))}` : null;
}

function slashedDate({ first = "", second = "", year = "" }: Groups): string | null {
  const [a, b] = [Number(first), Number(second)];
  if (a === b || b > 12) return dateOf({ year, month: first, day: second });
  return a > 12 ? dateOf({ year, month: second, day: first }) : null;
}

function timeOf({ hour = "", minute = "00", half = "" }: Groups): string {
  return `${padded((Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0))}:${minute}`;
}

function isDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function padded(number: number): string {
  return String(number).padStart(2, "0");
}
