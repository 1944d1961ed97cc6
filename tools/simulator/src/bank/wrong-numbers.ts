/**
 * Numbers that someone who errs would say in place of this one: off by one or by ten in the last place, or with two
 * digits swapped. Each differs from the number. It is a decimal numeral, such as `-12` or `3.50`.
 */
export function wrongNumbers(numeral: string): string[] {
  const places = numeral.split(".")[1]?.length ?? 0;
  const scaled = BigInt(numeral.replace(".", ""));
  const swapped = swappedDigits(scaled);
  const candidates = [
    scaled + 1n,
    scaled - 1n,
    ...(swapped === undefined ? [] : [swapped]),
    scaled + 10n,
    scaled - 10n,
  ];
  return candidates.map((candidate) => pointed(candidate, places));
}

/** The number with its two last digits swapped, or with the last two that differ. Nothing when all are equal. */
function swappedDigits(value: bigint): bigint | undefined {
  const digits = (value < 0n ? -value : value).toString();
  for (let index = digits.length - 1; index > 0; index--) {
    const left = digits.charAt(index - 1);
    const right = digits.charAt(index);
    if (left === right || (index === 1 && right === "0")) continue;
    const swapped = BigInt(digits.slice(0, index - 1) + right + left + digits.slice(index + 1));
    return value < 0n ? -swapped : swapped;
  }
  return undefined;
}

function pointed(scaled: bigint, places: number): string {
  if (places === 0) return scaled.toString();
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, "0");
  return `${scaled < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
