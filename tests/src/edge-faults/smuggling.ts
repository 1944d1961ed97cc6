import { expect, it } from "vitest";

import { type EdgeHouse, expectPaid } from "./edge-house.js";
import { sendRaw } from "./raw.js";

const post = "POST /v1/chat/completions HTTP/1.1\r\n";
const host = "Host: x\r\nContent-Type: application/json\r\n";
const second = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/** Requests of which two servers could make different ones. */
const ambiguous: readonly (readonly [string, string])[] = [
  [
    "a length and chunks",
    `${post}${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`,
  ],
  [
    "chunks and a length",
    `${post}${host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${second}`,
  ],
  ["two lengths", `${post}${host}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}${second}`],
  ["a length with a sign", `${post}${host}Content-Length: +2\r\n\r\n{}${second}`],
  ["a length in hexadecimal", `${post}${host}Content-Length: 0x2\r\n\r\n{}${second}`],
  ["bare LF", `${post}${host.replaceAll("\r\n", "\n")}Content-Length: 2\n\n{}${second}`],
  ["bare CR", `${post}Host: x\rX: y\r\nContent-Length: 2\r\n\r\n{}${second}`],
  ["a folded header", `${post}${host}X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}${second}`],
  ["a space before a colon", `${post}${host}Content-Length : 2\r\n\r\n{}${second}`],
  ["chunks by another name", `${post}${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${second}`],
  [
    "chunks that are not last",
    `${post}${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${second}`,
  ],
  ["a chunk that overflows", `${post}${host}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}`],
  ["a chunk with bare LF", `${post}${host}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n${second}`],
  ["NUL in a header", `${post}${host}X-A: a\u0000b\r\nContent-Length: 2\r\n\r\n{}${second}`],
  ["two hosts", `${post}${host}Host: y\r\nContent-Length: 2\r\n\r\n{}`],
  ["no host", `${post}Content-Length: 2\r\n\r\n{}`],
];

/** F42. */
export function testSmuggling(house: () => EdgeHouse): void {
  it.each(ambiguous)("F42: %s: is 400 and the end of the connection", async (_, bytes) => {
    await expectPaid(house(), 0, async () => {
      const answer = await sendRaw(house().synod.url, bytes);
      expect(answer.statuses, answer.text).toEqual([400]);
      expect(answer.text).toMatch(/\r\nConnection: close\r\n/i);
      expect(answer.text).toMatch(/"code":"invalid_value"/);
    });
  });
}
