import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { ListValueSchema } from "@bufbuild/protobuf/wkt";
import { CompleteRequestSchema } from "@synod/contracts/provider";
import { describe, expect, it } from "vitest";
import { question } from "../testing/questions.js";
import { createMessageCheck } from "./message-excess.js";

const excessOf = (bytes: Uint8Array): string | null => createMessageCheck()(CompleteRequestSchema, bytes);

/** A request whose completion (1) has so many messages (2), each of them empty. */
function empties(count: number): Uint8Array {
  const completion = new BinaryWriter();
  for (let index = 0; index < count; index += 1) completion.tag(2, WireType.LengthDelimited).uint32(0);
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(completion.finish()).finish();
}

describe("the check of encoded messages", () => {
  it("finds nothing in an ordinary one, however long its texts", () => {
    const message = create(CompleteRequestSchema, question("x".repeat(1_000_000)));
    expect(excessOf(toBinary(CompleteRequestSchema, message))).toBeNull();
  });

  it("F36: counts messages within messages, of two bytes each", () => {
    expect(excessOf(empties(99_999))).toBeNull();
    expect(excessOf(empties(100_000))).toMatch(/100000 fields/);
    expect(excessOf(empties(2_000_000))).toMatch(/100000 fields/);
  });

  it("counts fields that nobody knows", () => {
    const writer = new BinaryWriter();
    for (let index = 0; index < 100_001; index += 1) writer.tag(900, WireType.Varint).uint32(1);
    expect(excessOf(writer.finish())).toMatch(/100000 fields/);
  });

  it("stops at its limit however messages are nested", () => {
    let list = create(ListValueSchema);
    for (let depth = 0; depth < 50; depth += 1) {
      list = create(ListValueSchema, { values: [{ kind: { case: "listValue", value: list } }] });
    }
    expect(createMessageCheck()(ListValueSchema, toBinary(ListValueSchema, list))).toBeNull();
  });

  it.each([
    ["nothing", []],
    ["a field that is longer than its message", [0x0a, 0x7f, 0x00]],
    ["half a tag", [0x80]],
    ["groups in groups", Array(1_000).fill(0x0b)],
    ["a length of 4 GiB", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("leaves to the decoder what cannot be read: %s", (_, bytes) => {
    expect(excessOf(Uint8Array.from(bytes))).toBeNull();
  });
});
