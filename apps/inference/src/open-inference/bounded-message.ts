import { errors } from '@steward/kernel';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Most inputs, outputs and parameters of a request, with their own fields. */
const MOST_PARTS = 20_000;
/** Most elements that are a field each: texts. Packed numbers are one field together. */
const MOST_ELEMENTS = 500_000;
/** Fields in a message that stand for parts with fields of their own: inputs, outputs, parameters. */
const PARTS = new Set([4, 5, 6]);

/**
 * Refuses a ModelInferRequest of many tiny parts before it is decoded: two bytes on the wire make an object of hundreds.
 * Looks at tags alone; what is no message is left to the decoder, which says so.
 */
export function requireFewFields<Definition extends { requestDeserialize: (bytes: Buffer) => unknown }>(
  definition: Definition,
): Definition {
  return {
    ...definition,
    requestDeserialize: (bytes: Buffer) => {
      if (bytes.byteLength > MOST_PARTS)
        countFields(bytes, 0, { parts: MOST_PARTS, elements: MOST_ELEMENTS });
      return definition.requestDeserialize(bytes);
    },
  };
}

function countFields(bytes: Uint8Array, depth: number, budget: { parts: number; elements: number }): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    budget[depth < 2 ? 'parts' : 'elements'] -= 1;
    if (budget.parts < 0 || budget.elements < 0) {
      throw errors.limit(
        'INFERENCE.TOO_MANY_FIELDS',
        'The request has too many inputs, parameters or elements; send fewer rows a request, or raw contents.',
      );
    }
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited && depth < 2 && PARTS.has(field))
      countFields(reader.bytes(), depth + 1, budget);
    else reader.skip(type, field);
  }
}
