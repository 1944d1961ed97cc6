import { mixed } from "./digits.js";

const denominators: Readonly<Record<string, number>> = {
  half: 2,
  third: 3,
  quarter: 4,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
};

const one = Object.keys(denominators).join("|");
const many = `halves|${Object.keys(denominators)
  .slice(1)
  .map((part) => `${part}s`)
  .join("|")}`;
const scale = "hundred|thousand|million|billion|trillion";
const several = new RegExp(`(?<![\\p{L}\\p{N}.,/])(?<count>\\d{1,6})[\\s-](?<part>${many})(?!\\p{L})`, "giu");
const single = new RegExp(`(?<![\\p{L}\\p{N}.,/])1[\\s-](?<part>${one})(?!\\p{L})`, "giu");
const added =
  /(?<![\p{L}\p{N}.,/])(?<whole>\d{1,6}) and (?:(?:an? )?(?<part>half|quarter|third)(?!\p{L})|(?<fraction>\d{1,3}\/\d{1,3})(?![\d/]))/giu;
const anHalf = /(?<![\p{L}\p{N}]|(?<!\p{L})(?:and|second|first|other) )an? (?<part>half|quarter)(?!\p{L})/giu;
const halfOf = new RegExp(`(?<!\\p{L})half an? (?<unit>dozen|${scale})(?!\\p{L})`, "giu");
const dozens = /(?<![\p{L}\p{N}.,/])(?<count>\d{1,6}|an?) dozen(?!\p{L})/giu;

/**
 * Rewrites the parts of a whole and the dozens that stand behind digits: `3 quarters` as `3/4`, `2 and a half` as `5/2`,
 * `half a million` as `0.5 million`, `2 dozen` as `24`; and a text that is `half` and nothing else.
 */
export function partsToDigits(text: string): string {
  return text
    .replace(halfOf, (_, unit: string) => (unit.toLowerCase() === "dozen" ? "6" : `0.5 ${unit}`))
    .replace(dozens, (_, count: string) => String((Number(count) || 1) * 12))
    .replace(several, (_, count: string, part: string) => `${count}/${denominatorOf(part)}`)
    .replace(single, (_, part: string) => `1/${denominatorOf(part)}`)
    .replace(added, (_, whole: string, part?: string, fraction?: string) =>
      mixed(whole, fraction ?? `1/${denominatorOf(part ?? "")}`),
    )
    .replace(anHalf, (_, part: string) => `1/${denominatorOf(part)}`)
    .replace(/^(\W*)half(\W*)$/i, "$11/2$2");
}

function denominatorOf(part: string): number {
  const name = part.toLowerCase();
  return denominators[name] ?? denominators[name.slice(0, -1)] ?? 2;
}
