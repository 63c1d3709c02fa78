import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { errors } from '@steward/kernel';

/** The fields of a message that are messages themselves, by number, and theirs. */
export interface Parts {
  readonly [field: number]: Parts;
}

/** Parameters, inputs (with parameters and contents) and outputs (with parameters) of a ModelInferRequest. */
export const MODEL_INFER_PARTS: Parts = { 4: {}, 5: { 4: {}, 5: {} }, 6: { 2: {} } };
/** The model and the map of inputs of a PredictRequest: entry, tensor, shape, dimension. */
export const PREDICT_PARTS: Parts = { 1: {}, 2: { 2: { 2: { 2: {} } } } };
/** The map of parameters of a request to load or unload. */
export const REPOSITORY_PARTS: Parts = { 3: {} };

/** The columns of an ExplainRequest, and its search with the map of directions. */
export const EXPLAIN_PARTS: Parts = { 4: {}, 6: { 3: {} } };

/** Most fields of a message; one that is a message itself counts as many, for it becomes an object of hundreds of bytes. */
const MOST_FIELDS = 500_000;
const WEIGHT = 25;

/**
 * Refuses a message of very many tiny parts before it is decoded: two bytes on the wire make an object of hundreds.
 * Packed numbers are one field. What is no message is left to the decoder, which says so.
 */
export function requireFewFields<Definition extends { requestDeserialize: (bytes: Buffer) => unknown }>(
  definition: Definition,
  parts: Parts,
): Definition {
  return {
    ...definition,
    requestDeserialize: (bytes: Buffer) => {
      // Each field takes two bytes at least.
      if (bytes.byteLength > (2 * MOST_FIELDS) / WEIGHT) weigh(bytes, parts, { left: MOST_FIELDS });
      return definition.requestDeserialize(bytes);
    },
  };
}

function weigh(bytes: Uint8Array, parts: Parts, budget: { left: number }): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const inner = type === WireType.LengthDelimited ? parts[field] : undefined;
    budget.left -= inner ? WEIGHT : 1;
    if (budget.left < 0) {
      throw errors.limit(
        'INFERENCE.TOO_MANY_FIELDS',
        'The request has too many inputs, parameters or elements; send fewer rows a request, or raw contents.',
      );
    }
    if (inner) weigh(reader.bytes(), inner, budget);
    else reader.skip(type, field);
  }
}
