export { canonicalJson } from './canonical-json';
export { openCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint';
export type { LogHead, OpenedCheckpoint } from './checkpoint';
export { CompactRange } from './compact-range';
export type { CompletedNode } from './compact-range';
export { BUNDLE_FORMAT, checkpointLine, entryLine, headerLine } from './export-bundle';
export type { BundleEntry, BundleHeader } from './export-bundle';
export { LogKey, VerifierKey } from './log-key';
export { EMPTY_ROOT, hashChildren, hashLeaf } from './merkle-hash';
export {
  completeNodes,
  consistencyRanges,
  foldNodes,
  inclusionRanges,
  verifyConsistency,
  verifyInclusion,
} from './merkle-proof';
export type { LeafRange, NodeId } from './merkle-proof';
export { verifyBundle } from './verify-bundle';
export type { VerifyOptions } from './verify-bundle';
export { FaultKinds } from './verify-report';
export type { Fault, FaultKind, VerifyReport } from './verify-report';
