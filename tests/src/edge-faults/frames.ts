/** A frame of HTTP/2 (RFC 9113, section 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const types = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, window: 8, continuation: 9 } as const;
const endOfHeaders = 4;

/** An integer of HPACK after a prefix of 7 bits that is not Huffman (RFC 7541, section 5.1). */
function length(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

const literal = (text: string): Buffer => Buffer.concat([length(text.length), Buffer.from(text, "latin1")]);
/** A header that enters no table. */
const header = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0]), literal(name), literal(value)]);
/** A header that enters the dynamic table. */
const remembered = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0x40]), literal(name), literal(value)]);

/** `:method: POST`, `:scheme: http`, and a path. */
const call = Buffer.concat([
  Buffer.from([0x83, 0x86]),
  header(":path", "/synod.chat.v1.ChatService/Chat"),
  header(":authority", "x"),
  header("content-type", "application/grpc+proto"),
  header("te", "trailers"),
]);

/** What a client begins with. */
export const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  frame(types.settings, 0, 0),
]);

const id = (index: number): number => 2 * index + 1;
const cancel = Buffer.from([0, 0, 0, 8]);
const noWindow = Buffer.from([0, 4, 0, 0, 0, 0]);
/** The entry that came last. */
const lastEntry = 0x80 | 62;

/** Frames of which a server must not take as many as it gets, by their index. */
export const floods: Readonly<Record<string, (index: number) => Buffer>> = {
  "rapid resets": (index) =>
    Buffer.concat([
      frame(types.headers, endOfHeaders, id(index), call),
      frame(types.reset, 0, id(index), cancel),
    ]),
  "continuations without an end": (index) =>
    index === 0
      ? frame(types.headers, 0, 1, call)
      : frame(types.continuation, 0, 1, header(`x-${index}`, "x".repeat(100))),
  pings: () => frame(types.ping, 0, 0, Buffer.alloc(8)),
  settings: () => frame(types.settings, 0, 0, Buffer.from([0, 3, 0, 0, 0, 100])),
  "a window of 0": (index) =>
    index === 0 ? frame(types.settings, 0, 0, noWindow) : frame(types.headers, endOfHeaders, id(index), call),
  "data that is empty": (index) =>
    index === 0 ? frame(types.headers, endOfHeaders, 1, call) : frame(types.data, 0, 1),
  "a header that unpacks": (index) =>
    index === 0
      ? frame(types.headers, endOfHeaders, 1, Buffer.concat([call, remembered("x", "x".repeat(3_000))]))
      : frame(types.headers, endOfHeaders, id(index), Buffer.concat([call, Buffer.alloc(8_000, lastEntry)])),
};
