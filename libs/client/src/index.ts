export { InferenceClient } from './inference-client';
export type { PredictColumn, PredictedRow } from './inference-client';
export { StewardClient } from './steward-client';
export type { CallOptions, ClientOptions } from './steward-client';
