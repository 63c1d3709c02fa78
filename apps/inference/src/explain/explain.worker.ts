import { explainableFromOnnx, type ExplainablePipeline } from '@steward/onnx';
import { serveThread } from '../threads/serve-thread';
import { explainRows, type ExplainWork } from './explain-rows';
import type { ExplainedMargins } from './explanation';

/** A pipeline with node cover a model. */
serveThread<Uint8Array, ExplainablePipeline, ExplainWork, ExplainedMargins>({
  open: (onnx) => explainableFromOnnx(onnx),
  run: (pipeline, work) => explainRows(pipeline, work),
});
