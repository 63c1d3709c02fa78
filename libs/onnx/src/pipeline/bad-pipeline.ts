import { errors, type ErrorDetails } from '@steward/kernel';

/** The error of a pipeline that contradicts itself or holds what the format cannot say. */
export function badPipeline(sentence: string, details: ErrorDetails = {}) {
  return errors.invalid('ONNX.BAD_PIPELINE', sentence, { details });
}
