import { noteParts, signaturesOf } from './checkpoint';
import type { LogKey, VerifierKey } from './log-key';

/** Bytes of the time before an Ed25519 signature (C2SP tlog-cosignature: big-endian seconds since 1970). */
const TIME_BYTES = 8;

/**
 * The line, line feed included, with which a witness cosigns a checkpoint: that at this time it was the largest head of
 * the log that the witness had seen, and continued all heads before it (C2SP tlog-cosignature, `cosignature/v1`).
 */
export function cosign(note: string, witness: LogKey, seconds: number): string {
  const { text } = noteParts(note) ?? { text: note };
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(seconds));
  const { id, name } = witness.verifier;
  const signature = Buffer.concat([Buffer.from(id, 'hex'), time, witness.sign(cosigned(text, seconds))]);
  return `\u2014 ${name} ${signature.toString('base64')}\n`;
}

/** When this witness cosigned the checkpoint, in seconds since 1970; null if it did not, or if the line is forged. */
export function cosignedAt(note: string, witness: VerifierKey): number | null {
  const parts = noteParts(note);
  if (!parts) return null;
  for (const signature of signaturesOf(parts.signatures, witness)) {
    if (signature.length < TIME_BYTES) continue;
    const seconds = Number(signature.readBigUInt64BE());
    if (witness.verify(cosigned(parts.text, seconds), signature.subarray(TIME_BYTES))) return seconds;
  }
  return null;
}

const cosigned = (text: string, seconds: number): string => `cosignature/v1\ntime ${seconds}\n${text}`;
