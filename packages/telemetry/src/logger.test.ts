import { describe, expect, it } from "vitest";
import { createLogger, type LogLevel } from "./logger.js";

function collect(level: LogLevel) {
  const lines: string[] = [];
  const logger = createLogger({
    level,
    service: "round",
    destination: { write: (line) => lines.push(line) },
  });
  return { logger, lines };
}

describe("createLogger", () => {
  it("writes one line of JSON with level, time, service and message", () => {
    const { logger, lines } = collect("info");
    logger.info({ model: "groq/x" }, "asked");
    expect(lines).toHaveLength(1);
    const entry = JSON.parse(lines[0] ?? "");
    expect(entry).toMatchObject({ level: "info", service: "round", model: "groq/x", msg: "asked" });
    expect(new Date(entry.time).toISOString()).toBe(entry.time);
  });

  it("leaves out what is below its level", () => {
    const { logger, lines } = collect("warn");
    logger.info("not this");
    logger.warn("this");
    expect(lines).toHaveLength(1);
  });

  it("writes the cause of an error", () => {
    const { logger, lines } = collect("info");
    logger.error({ err: new Error("outer", { cause: new Error("inner") }) }, "failed");
    expect(lines[0]).toContain("outer");
    expect(lines[0]).toContain("inner");
  });

  it("escapes line breaks and control characters", () => {
    const { logger, lines } = collect("info");
    logger.info({ text: 'a\n{"level":"fatal"}\u001b[31m' }, "x");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain("\n");
    expect(lines[0]).not.toContain("\u001b");
  });
});
