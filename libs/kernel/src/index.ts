export { AppError, ErrorKinds, errors, isRetriable } from './app-error';
export type { AppErrorOptions, ErrorDetails, ErrorKind } from './app-error';
export { Clock, FixedClock, SystemClock } from './clock';
export { constantTimeEqual, isDigest, sha256 } from './digest';
export { isId, isName, isPseudonym, newId, newPseudonym } from './ids';
export { jsonString } from './json-string';
export { TokenBucket } from './token-bucket';
