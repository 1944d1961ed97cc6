import { expect, it } from "vitest";
import { isPlainName } from "./names.js";

it.each(["call_1", "Ann-Marie O'Neill", "名前", "نام‌خانوادگی", "👩‍🔬", ""])("F37: takes %j", (name) => {
  expect(isPlainName(name)).toBe(true);
});

it.each([
  ["NUL", "a\u0000b"],
  ["a line break", "a\r\nb"],
  ["ANSI", "\u001b[31mred"],
  ["a C1 control", "a\u0085b"],
  ["a bidi override", "a\u202egnp.exe"],
  ["a bidi isolate", "a\u2066b"],
  ["a zero-width space", "a\u200bb"],
  ["a byte order mark", "\ufeffa"],
])("F37: does not take %s", (_, name) => {
  expect(isPlainName(name)).toBe(false);
});
