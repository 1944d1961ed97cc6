import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { maxEntries } from "./json-excess.js";

/** What a field may hold that has to be looked into, by the field's number. Others count as one. */
type Shape = ReadonlyMap<number, DescMessage | "packed">;

/** Looks at an encoded message before it is decoded. Returns what is too much about it, or null. */
export type MessageCheck = (desc: DescMessage, bytes: Uint8Array) => string | null;

/**
 * Makes a check of encoded messages, since a few bytes can become a large object: two of them are a whole empty message in a
 * list. At most 100,000 fields, those of messages within messages and the numbers of packed lists included. What cannot be
 * read is left to the decoder.
 */
export function createMessageCheck(): MessageCheck {
  const shapes = new Map<DescMessage, Shape>();

  function shapeOf(desc: DescMessage): Shape {
    let shape = shapes.get(desc);
    if (shape === undefined) shapes.set(desc, (shape = shapeOfFields(desc.fields)));
    return shape;
  }

  /** How many fields there are until `end`. Stops counting above `limit`. */
  function count(desc: DescMessage, reader: BinaryReader, end: number, limit: number): number {
    const shape = shapeOf(desc);
    let fields = 0;
    while (reader.pos < end && fields <= limit) {
      const [number, wireType] = reader.tag();
      const held = wireType === WireType.LengthDelimited ? shape.get(number) : undefined;
      fields += 1;
      if (held === undefined) {
        reader.skip(wireType, number);
        continue;
      }
      const length = reader.uint32();
      const inner = reader.pos + length;
      if (inner > end) throw new RangeError("a field is longer than its message");
      fields += held === "packed" ? length : count(held, reader, inner, limit - fields);
      reader.pos = inner;
    }
    return fields;
  }

  return (desc, bytes) => {
    try {
      const fields = count(desc, new BinaryReader(bytes), bytes.length, maxEntries);
      return fields > maxEntries ? `it has more than ${maxEntries} fields` : null;
    } catch {
      return null;
    }
  };
}

function shapeOfFields(fields: readonly DescField[]): Shape {
  return new Map(
    fields.flatMap((field) => {
      const held = heldBy(field);
      return held === undefined ? [] : [[field.number, held] as const];
    }),
  );
}

function heldBy(field: DescField): DescMessage | "packed" | undefined {
  if (field.message !== undefined && field.fieldKind !== "map") return field.message;
  if (field.fieldKind !== "list") return undefined;
  const isPacked =
    field.enum !== undefined || (field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES);
  return isPacked ? "packed" : undefined;
}
