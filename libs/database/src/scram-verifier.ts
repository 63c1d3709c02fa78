import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { errors } from '@steward/kernel';

const ITERATIONS = 4096;

/**
 * What PostgreSQL stores for a password under SCRAM-SHA-256 (RFC 5803, RFC 7677), made here so that the password
 * itself never stands in a statement, where a server's log could keep it.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  if (!/^[\x21-\x7e]{8,200}$/.test(password)) {
    throw errors.invalid(
      'DATABASE.PASSWORD_INVALID',
      'A database password has 8 to 200 printable ASCII characters without spaces.',
    );
  }
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const key = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}
