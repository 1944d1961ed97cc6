import { gzipSync } from "node:zlib";
import { z } from "zod";
import { bodyPlan } from "../wire/plan.js";
import type { Step } from "../wire/plan.js";
import { defineFault } from "./definition.js";
import { allBytes, chained, stepBytes, withSteps } from "./steps.js";

/** An error page of a proxy. */
const html = defineFault("html", { status: z.int().min(200).max(599).default(502) }, ({ status }) => ({
  instead: () => {
    const page = `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body><center><h1>${status} Bad Gateway</h1></center><script>alert(1)</script></body>\r\n</html>\r\n`;
    return bodyPlan(status, {}, page, "text/html");
  },
}));

/** A redirection; `location` is any address, also of another host. */
const redirect = defineFault(
  "redirect",
  {
    status: z
      .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
      .default(307),
    location: z.string(),
  },
  ({ status, location }) => ({
    instead: () => ({ ...bodyPlan(status, { location }, "", "text/plain"), failed: true }),
  }),
);

/** A whole body that is not JSON; or in a stream, after so many tokens, one event that is not. */
const invalidJson = defineFault(
  "invalid_json",
  {
    text: z.string().default('{"id":"gen-1","choices":[{"index":0,'),
    afterTokens: z.int().min(0).default(0),
  },
  ({ text, afterTokens }) => ({
    plan: (plan, _draft, { stream }) => {
      if (!stream) return withSteps(plan, [{ do: "body", text, tokens: 0 }]);
      const event: Step = { do: "raw", bytes: `data: ${text}\n\n`, tokens: 0 };
      return withSteps(plan, inserted(plan.steps, afterTokens, event));
    },
  }),
);

/** Bytes that are no UTF-8 inside the first text that goes out. */
const invalidUtf8 = defineFault("invalid_utf8", {}, () => ({
  draft: (draft) => ({ ...draft, tokens: [UTF8_MARK, ...(draft.tokens ?? [])] }),
  plan: (plan) => withSteps(plan, spoiled(plan.steps)),
}));

/** Wrong compression: cut off, not compressed though the header says so, of an unknown kind, or a bomb of so many MiB. */
const encoding = defineFault(
  "encoding",
  {
    as: z.enum(["truncated_gzip", "not_gzip", "unknown", "gzip_bomb"]),
    mebibytes: z.int().min(1).max(4_096).default(256),
  },
  ({ as, mebibytes }) => ({
    plan: (plan) => {
      const headers = { ...plan.headers, "content-encoding": "gzip" };
      switch (as) {
        case "truncated_gzip": {
          const packed = gzipSync(allBytes(plan));
          const bytes = packed.subarray(0, Math.floor(packed.length / 2));
          return { ...plan, headers, steps: [{ do: "raw", bytes, tokens: 0 }], failed: true };
        }
        case "not_gzip":
          return { ...plan, headers, failed: true };
        case "unknown":
          return { ...plan, headers: { ...headers, "content-encoding": "pigeon" }, failed: true };
        case "gzip_bomb":
          return { ...plan, headers, steps: bomb(mebibytes), failed: true };
      }
    },
  }),
);

/** A content type that does not fit, or a shape that was not asked for. */
const contentType = defineFault(
  "content_type",
  { as: z.enum(["text_plain", "octet_stream", "none", "json_for_stream", "sse_for_unary"]) },
  ({ as }) => ({
    plan: (plan, draft, { dialect }) => {
      const { "content-type": _, ...others } = plan.headers;
      switch (as) {
        case "text_plain":
          return { ...plan, headers: { ...others, "content-type": "text/plain; charset=utf-8" } };
        case "octet_stream":
          return { ...plan, headers: { ...others, "content-type": "application/octet-stream" } };
        case "none":
          return { ...plan, headers: others };
        case "json_for_stream":
          return dialect.unary(draft, 0);
        case "sse_for_unary":
          return dialect.stream(draft, { firstTokenMs: 0, perTokenMs: 0 });
      }
    },
  }),
);

/** One line of so many bytes without an end, in the body or in an event. */
const hugeLine = defineFault(
  "huge_line",
  {
    bytes: z
      .int()
      .min(1)
      .default(50 * 1024 * 1024),
  },
  ({ bytes }) => ({
    plan: (plan, _draft, { stream }) =>
      withSteps(
        plan,
        chained([{ do: "raw", bytes: stream ? 'data: {"id":"' : '{"id":"', tokens: 0 }], filler(bytes)),
        true,
      ),
  }),
);

/** Faults of the bytes of a response. */
export const bytes = {
  html,
  redirect,
  invalid_json: invalidJson,
  invalid_utf8: invalidUtf8,
  encoding,
  content_type: contentType,
  huge_line: hugeLine,
} as const;

const MEBIBYTE = 1024 * 1024;
const BLOCK = 64 * 1024;

// Stands for the bytes that are no UTF-8 until the text has its final form.
const UTF8_MARK = "\uE000";

function* inserted(steps: Iterable<Step>, afterTokens: number, event: Step): Generator<Step> {
  let sent = 0;
  let done = false;
  for (const step of steps) {
    if (!done && step.do === "data" && step.part !== "role" && sent >= afterTokens) {
      done = true;
      yield event;
    }
    if (step.do === "data") sent += step.tokens;
    yield step;
  }
}

function* spoiled(steps: Iterable<Step>): Generator<Step> {
  for (const step of steps) {
    const text = stepBytes(step);
    const at = typeof text === "string" ? text.indexOf(UTF8_MARK) : -1;
    if (typeof text !== "string" || at < 0) {
      yield step;
      continue;
    }
    const [before, after] = [text.slice(0, at), text.slice(at + UTF8_MARK.length)];
    // A lone continuation byte, an overlong slash, and a sequence that breaks off.
    const wrong = Uint8Array.of(0x80, 0xc0, 0xaf, 0xe2, 0x82);
    const tokens = step.do === "data" || step.do === "body" ? step.tokens : 0;
    yield { do: "raw", bytes: Buffer.concat([Buffer.from(before), wrong, Buffer.from(after)]), tokens };
  }
}

/** Gzip allows members one after another, so one small member stands for every MiB. */
function* bomb(mebibytes: number): Generator<Step> {
  const member = gzipSync(Buffer.alloc(MEBIBYTE, " "));
  for (let index = 0; index < mebibytes; index++) yield { do: "raw", bytes: member, tokens: 0 };
}

function* filler(size: number): Generator<Step> {
  const block = "a".repeat(BLOCK);
  for (let left = size; left > 0; left -= BLOCK) {
    yield { do: "raw", bytes: left >= BLOCK ? block : block.slice(0, left), tokens: 0 };
  }
}
