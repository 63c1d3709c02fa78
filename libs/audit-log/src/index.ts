export { canonicalJson } from './canonical-json';
export { openCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint';
export type { LogHead, OpenedCheckpoint } from './checkpoint';
export { CompactRange } from './compact-range';
export type { CompletedNode } from './compact-range';
export { cosign, cosignedAt } from './cosignature';
export {
  BUNDLE_FORMAT,
  checkpointLine,
  entryLine,
  EXCERPT_FORMAT,
  headerLine,
  parseHeader,
  proofLine,
} from './export-bundle';
export type { BundleEntry, BundleHeader } from './export-bundle';
export { LogKey, VerifierKey } from './log-key';
export type { Signer } from './log-key';
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
export {
  decodeEntries,
  encodeEntries,
  parseTilePath,
  tileLeaves,
  tileNodes,
  tilePath,
  TILE_WIDTH,
} from './tile';
export type { Tile } from './tile';
export { signDocument, verifyDocument } from './signed-document';
export type { SignedDocument } from './signed-document';
export { verifyBundle } from './verify-bundle';
export type { VerifyOptions } from './verify-bundle';
export { REPORT_MANIFEST, verifyReportFile } from './verify-report-file';
export type { ReportFileVerdict, ReportProof, SignedFiles } from './verify-report-file';
export { verifyExcerpt } from './verify-excerpt';
export type { ExcerptOptions } from './verify-excerpt';
export { FaultKinds } from './verify-report';
export type { Fault, FaultKind, VerifyReport } from './verify-report';
export { Witness, witnessRequest } from './witness';
export type { WitnessAnswer, WitnessedHead, WitnessMemory } from './witness';
