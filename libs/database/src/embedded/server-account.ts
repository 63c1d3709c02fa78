import { readFileSync } from 'node:fs';
import { errors } from '@steward/kernel';

/** The user that the server's processes run as. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. When we are root: the existing user `postgres`, else `nobody`; no account is made.
 * Null: we are not root (or on Windows), and the server runs as we do.
 */
export function serverAccount(
  passwd: () => string = () => readFileSync('/etc/passwd', 'utf8'),
): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = passwd()
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
    if (name && Number(uid) > 0 && Number(gid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw errors.internal(
    'DATABASE.NO_ACCOUNT',
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody". Start as another user.',
  );
}
