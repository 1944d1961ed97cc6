/**
 * US dollars as whole billionths, rounded down.
 *
 * The decimal point is moved in the number's text, so that 0.1 gives 100,000,000 and not a neighbour of it.
 *
 * @param usd 0 to 9,000,000
 */
export function usdToNanos(usd: number): number {
  const [mantissa = "0", exponent = "0"] = String(usd).split("e");
  return Math.floor(Number(`${mantissa}e${Number(exponent) + 9}`));
}
