import { errors } from '@steward/kernel';

const SEGMENT = /^[A-Za-z0-9_=@+-][A-Za-z0-9._=@+-]{0,199}$/;

/**
 * Returns the path if it names an object: relative, `/` between segments of 1 to 200 letters, digits and `._=@+-`, none
 * of them starting with a dot, 500 characters at most. So no path leaves the store, on any file system.
 * Throws ARTIFACT.INVALID_PATH.
 */
export function objectPath(path: string): string {
  if (path.length <= 500 && path.split('/').every((segment) => SEGMENT.test(segment))) return path;
  throw errors.invalid(
    'ARTIFACT.INVALID_PATH',
    'An object path holds segments of letters, digits and ._=@+- with / between them, and no segment starts with a dot.',
    { details: { path: path.slice(0, 200) } },
  );
}
