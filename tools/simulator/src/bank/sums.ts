import type { Question } from "./question.js";
import { wrongNumbers } from "./wrong-numbers.js";

type Operation = "+" | "-" | "*" | "/";

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "+": "+",
  plus: "+",
  "-": "-",
  "−": "-",
  "–": "-",
  minus: "-",
  "*": "*",
  x: "*",
  "×": "*",
  "·": "*",
  times: "*",
  "multiplied by": "*",
  "/": "/",
  "÷": "/",
  ":": "/",
  "divided by": "/",
  over: "/",
};

const INTEGER = "[-−]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)";
const OPERATOR = "multiplied\\s+by|divided\\s+by|plus|minus|times|over|[-+*/x×·÷:−–]";
// What follows the second number must end the question: "What is 2 + 2 * 3?" is not a question of this form.
const SUM = new RegExp(
  `\\bwhat(?:'s|’s|\\s+is)\\s+(${INTEGER})\\s*(${OPERATOR})\\s*(${INTEGER})\\s*(?=[?!=]|\\.(?!\\d)|\\n|$)`,
  "i",
);

/** How many decimal places a quotient that is not whole is given with. */
const PLACES = 4;

/** The most characters of one number, so that no prompt can ask for an endless product. */
const MAX_DIGITS = 60;

/** Reads `What is A op B?` with integers, wherever it stands in the text; nothing when it is not there. */
export function readSum(text: string): Question | undefined {
  const found = SUM.exec(text);
  const [whole, left, operator, right] = found ?? [];
  if (whole === undefined || left === undefined || operator === undefined || right === undefined)
    return undefined;
  if (left.length > MAX_DIGITS || right.length > MAX_DIGITS) return undefined;
  const operation = OPERATIONS[operator.toLowerCase().replace(/\s+/g, " ")];
  if (operation === undefined) return undefined;
  const a = integer(left);
  const b = integer(right);
  const answer = result(a, operation, b);
  const digits = Math.max(left.length, right.length);
  return {
    text: `What is ${a} ${operation} ${b}?`,
    kind: "sum",
    answer,
    wrong: answer === UNDEFINED ? ["0", "1"] : wrongNumbers(answer),
    difficulty: digits <= 3 ? 0 : (digits - 3) / 4,
  };
}

const UNDEFINED = "undefined";

function integer(numeral: string): bigint {
  return BigInt(numeral.replace("−", "-").replaceAll(",", ""));
}

function result(a: bigint, operation: Operation, b: bigint): string {
  switch (operation) {
    case "+":
      return (a + b).toString();
    case "-":
      return (a - b).toString();
    case "*":
      return (a * b).toString();
    case "/":
      return b === 0n ? UNDEFINED : quotient(a, b);
  }
}

/** The quotient rounded half away from zero, without zeros at its end. */
function quotient(a: bigint, b: bigint): string {
  const negative = a < 0n !== b < 0n;
  const [numerator, denominator] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const scale = 10n ** BigInt(PLACES);
  const rounded = (2n * numerator * scale + denominator) / (2n * denominator);
  const fraction = (rounded % scale).toString().padStart(PLACES, "0").replace(/0+$/, "");
  const size = `${rounded / scale}${fraction === "" ? "" : `.${fraction}`}`;
  return negative && rounded !== 0n ? `-${size}` : size;
}
