import { create, toBinary } from "@bufbuild/protobuf";
import { ChatRequestSchema, StreamChatRequestSchema } from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { noisy } from "./bad-http.js";
import type { BadRequest } from "./bad-request.js";
import { anything, type Json, mutated, textOf } from "./mutate.js";
import type { Random } from "./random.js";

const service = "/synod.chat.v1.ChatService/";

const chat: Json = {
  model: "synod/default",
  messages: [
    { role: "ROLE_USER", parts: [{ text: "What is 17 * 23?" }, { otherJson: '{"type":"x"}' }], name: "ann" },
    {
      role: "ROLE_ASSISTANT",
      toolCalls: [{ id: "call_1", name: "times", argumentsJson: "{}" }],
      refusal: "",
      reasoning: "17 * 23",
      extraJson: '{"images":[]}',
    },
    { role: "ROLE_TOOL", parts: [{ text: "391" }], toolCallId: "call_1" },
  ],
  sampling: {
    maxOutputTokens: 20,
    temperature: 0.5,
    topP: 1,
    seed: "7",
    stop: ["\n"],
    responseFormat: { type: "RESPONSE_FORMAT_TYPE_TEXT" },
  },
  consensusJson: '{"rounds":{"max":2},"quorum":2}',
  toolsJson: "",
};

const methods: readonly { readonly name: string; readonly message: Json; readonly streams: boolean }[] = [
  { name: "Chat", message: chat, streams: false },
  { name: "Chat", message: { ...chat, model: "openrouter/acme/one", consensusJson: "" }, streams: false },
  { name: "StreamChat", message: { chat }, streams: true },
  { name: "ListModels", message: {}, streams: false },
  { name: "GetRun", message: { runId: "x" }, streams: false },
  {
    name: "ListRuns",
    message: {
      status: "RUN_STATUS_RUNNING",
      preset: "default",
      since: "2026-11-28T12:00:00Z",
      limit: 5,
      cursor: "",
    },
    streams: false,
  },
  { name: "CancelRun", message: { runId: "x" }, streams: false },
  { name: "StreamRunEvents", message: { runId: "x", afterSeq: 1 }, streams: true },
];

/** Headers of a call that say something odd. */
const headers: readonly Readonly<Record<string, string>>[] = [
  { "connect-timeout-ms": "0" },
  { "connect-timeout-ms": "1" },
  { "connect-timeout-ms": "-1" },
  { "connect-timeout-ms": "99999999999" },
  { "connect-timeout-ms": "soon" },
  { "connect-protocol-version": "9" },
  { "content-type": "application/json; charset=utf-16" },
  { "content-type": "application/grpc-web+proto" },
  { "content-type": "text/plain" },
  { "x-request-id": "\u00ff" },
  { "idempotency-key": "x".repeat(300) },
  { traceparent: "00-00000000000000000000000000000000-0000000000000000-00" },
];

const grpcHeaders: readonly Readonly<Record<string, string>>[] = [
  { "grpc-timeout": "0m" },
  { "grpc-timeout": "1n" },
  { "grpc-timeout": "5x" },
  { "grpc-timeout": "123456789m" },
  { "grpc-encoding": "gzip" },
  { "content-type": "application/grpc+json" },
  { "content-type": "application/grpc-web" },
  { "x-request-id": "x".repeat(300) },
];

/** A message after its flags and its length. */
function enveloped(message: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A bad call over Connect, on HTTP/1.1, that the seed decides. */
export function badConnect(random: Random): BadRequest {
  const { name, message, streams } = random.pick(methods);
  const text = Buffer.from(
    random.pick([
      () => textOf(mutated(message, random)),
      () => textOf(mutated(message, random)),
      () => textOf(anything(random)),
      () => noisy(Buffer.from(textOf(message)), random).toString("latin1"),
    ])(),
  );
  const type = streams ? "application/connect+json" : "application/json";
  const odd = random.below(5) === 0 ? random.pick(headers) : {};
  return {
    kind: "Connect",
    wire: "http",
    method: "POST",
    path: `${service}${random.below(20) === 0 ? "Nothing" : name}`,
    headers: { "content-type": type, ...odd },
    body: streams ? enveloped(text) : text,
  };
}

const binary = [
  { name: "Chat", bytes: toBinary(ChatRequestSchema, messageOf("synod/default")) },
  {
    name: "StreamChat",
    bytes: toBinary(
      StreamChatRequestSchema,
      create(StreamChatRequestSchema, { chat: messageOf("other/acme-two") }),
    ),
  },
] as const;

function messageOf(model: string) {
  return create(ChatRequestSchema, {
    model,
    messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: "What is 17 * 23?" } }] }],
    sampling: { temperature: 0.5, seed: 7n },
  });
}

/** A bad call over gRPC that the seed decides. */
export function badGrpc(random: Random): BadRequest {
  const { name, bytes } = random.pick(binary);
  const message = random.pick([
    () => noisy(Buffer.from(bytes), random),
    () => random.bytes(random.below(300)),
    () => Buffer.alloc(random.below(2_000), 0x0b),
    () => Buffer.from(bytes),
  ])();
  const flags = random.pick([0, 0, 0, 0, 1, 2, 0xff]);
  const frame = enveloped(message, flags);
  const sent = random.pick([
    frame,
    frame,
    frame.subarray(0, random.below(frame.length)),
    Buffer.concat([frame, frame]),
  ]);
  const odd = random.below(4) === 0 ? random.pick(grpcHeaders) : {};
  return {
    kind: "gRPC",
    wire: "grpc",
    method: "POST",
    path: `${service}${random.below(20) === 0 ? "Nothing" : name}`,
    headers: { "content-type": "application/grpc+proto", te: "trailers", ...odd },
    body: sent,
  };
}
