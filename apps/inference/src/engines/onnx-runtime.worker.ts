import { GraphSession } from '@steward/onnx';
import { serveThread } from '../threads/serve-thread';
import type { RuntimeModel, RuntimeRows } from './runtime-threads';

/** A session of ONNX Runtime a model. */
serveThread<RuntimeModel, GraphSession, RuntimeRows, Float64Array>({
  open: ({ onnx, signature }) => GraphSession.open(onnx, signature),
  run: (session, { columns, rows }) => session.run(columns, rows),
  close: (session) => session.close(),
});
