import { describe, expect, it } from "vitest";
import { readTraceContext } from "./trace-context.js";

const id = "0af7651916cd43dd8448eb211c80319c";
const span = "b7ad6b7169203331";
const traceparent = `00-${id}-${span}-01`;

describe("readTraceContext", () => {
  it("takes what is of the standard's form", () => {
    expect(readTraceContext({ traceparent, tracestate: "a=1,b=2" })).toEqual({
      traceparent,
      tracestate: "a=1,b=2",
    });
    expect(readTraceContext({ traceparent, tracestate: null })).toEqual({ traceparent });
  });

  it.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["two of them", `${traceparent}, ${traceparent}`],
    ["a list", [traceparent, traceparent]],
    ["capitals", traceparent.toUpperCase()],
    ["no trace", `00-${"0".repeat(32)}-${span}-01`],
    ["no span", `00-${id}-${"0".repeat(16)}-01`],
    ["a version that is none", `ff-${id}-${span}-01`],
    ["more than its version has", `${traceparent}-more`],
    ["a text", "sk-canary"],
  ])("is empty for %s", (_, value) => {
    expect(readTraceContext({ traceparent: value, tracestate: "a=1" })).toEqual({});
  });

  it.each([
    ["too long", `a=${"1".repeat(511)}`],
    ["not printable", "a=1\n"],
    ["a list", ["a=1", "b=1"]],
  ])("leaves out a tracestate that is %s", (_, tracestate) => {
    expect(readTraceContext({ traceparent, tracestate })).toEqual({ traceparent });
  });
});
