export { checkOnnx } from './check/check-onnx';
export type { CheckOptions, CheckReport } from './check/check-onnx';
export { explainableFromOnnx, explanationMetadata } from './explanation/explanation-data';
export type { ExplainablePipeline } from './explanation/explanation-data';
export { encodeOnnx } from './format/encode-onnx';
export type { OnnxModel } from './format/onnx-model';
export {
  ISOLATION_LEVELS,
  isolationFile,
  MAX_ISOLATION_BYTES,
  readIsolationFile,
} from './isolation/isolation-file';
export type { IsolationLevel, IsolationScorer } from './isolation/isolation-file';
export { decodeModel, encodeModel } from './model-file/model-file';
export { pipelineFromOnnx } from './read/pipeline-from-onnx';
export type { ReadPipeline } from './read/pipeline-from-onnx';
export { onnxScorer, scorablePipeline, scorerFromOnnx } from './read/scorer-from-onnx';
export type { OnnxScorer, ScorablePipeline } from './read/scorer-from-onnx';
export { GraphSession } from './runtime/graph-session';
export { OWN_LAYOUT } from './runtime/graph-signature';
export type { GraphColumn, GraphLayout, GraphSignature, GraphValues } from './runtime/graph-signature';
export type { Cell, InputColumn } from './scorer/cell-encoder';
export { compileScorer } from './scorer/compile-scorer';
export { bestClass } from './scorer/scorer';
export type { Scorer } from './scorer/scorer';
export { ONNX_VERSIONS, writeOnnx } from './write/write-onnx';
