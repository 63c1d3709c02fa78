import { scorablePipeline, type ScorablePipeline } from '@steward/onnx';
import { serveThread } from '../threads/serve-thread';

/** Each file is read once and not kept. */
serveThread<Uint8Array, Uint8Array, null, ScorablePipeline | null>({
  open: (onnx) => onnx,
  run: (onnx) => scorablePipeline(onnx),
});
