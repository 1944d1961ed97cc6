import { describe, expect, it } from "vitest";
import { paramOf } from "../failure.js";
import { readRunQuery } from "./run-query.js";

const at = Date.UTC(2026, 10, 28, 12);

describe("which runs a URL asks for", () => {
  it("is everything, 20 at a time, when it says nothing", () => {
    for (const url of ["/v1/runs", "/v1/runs?", "/v1/runs?#limit=5"]) {
      const { limit, ...filter } = readRunQuery(url);
      expect(limit).toBe(20);
      expect(Object.values(filter)).toEqual(Array(5).fill(undefined));
    }
  });

  const times = [
    ["2026-11-28T12:00:00Z", at],
    ["2026-11-28t12:00:00z", at],
    ["2026-11-28T13:30:00%2B01:30", at],
    ["2026-11-28T12:00:00.25Z", at + 250],
    ["2026-11-28T12:00:00.123456789Z", at + 123],
    [String(at / 1_000), at],
    [`${at / 1_000}.5`, at + 500],
    ["0", 0],
  ] as const;
  it.each(times)("since=%s", (text, ms) => {
    expect(readRunQuery(`/v1/runs?since=${text}`).since).toBe(ms);
    expect(readRunQuery(`/v1/runs?before=${text}`).before).toBe(ms);
  });

  it("is all of it", () => {
    const url = "/v1/runs?status=running&preset=my%20own&since=1&before=2&limit=100&cursor=abc";
    expect(readRunQuery(url)).toEqual({
      status: "running",
      preset: "my own",
      since: 1_000,
      before: 2_000,
      limit: 100,
      cursor: "abc",
    });
  });

  const mistakes = [
    ["stat=running", "stat"],
    ["status=done", "status"],
    ["status=", "status"],
    ["status=toString", "status"],
    ["status=failed&status=failed", "status"],
    ["limit=1&limit=1", "limit"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=-1", "limit"],
    ["limit=1e1", "limit"],
    ["limit=", "limit"],
    ["preset=", "preset"],
    ["preset=%00", "preset"],
    [`preset=${"x".repeat(257)}`, "preset"],
    ["since=yesterday", "since"],
    ["since=2026-11-28", "since"],
    ["since=2026-11-28T12:00:00", "since"],
    ["since=2026-13-28T12:00:00Z", "since"],
    ["since=2026-11-28T12:00:00+01:00", "since"],
    ["since=1764331200000", "since"],
    ["before=-1", "before"],
    ["before=999999999999", "before"],
    [`cursor=${"x".repeat(1_025)}`, "cursor"],
    [`${"x".repeat(100)}=1`, "x".repeat(64)],
    ["__proto__=1", "__proto__"],
  ] as const;
  it.each(mistakes)("%s is refused", (query, param) => {
    let thrown: unknown;
    try {
      readRunQuery(`/v1/runs?${query}`);
    } catch (error) {
      thrown = error;
    }
    expect(paramOf(thrown)).toBe(param);
  });
});
