import type { VerifierKey } from '@steward/audit-log';

/** The witness that is asked to cosign the log's heads (C2SP tlog-witness). Abstract class = injection token. */
export abstract class WitnessClient {
  /** Null: this installation has no witness. */
  abstract readonly key: VerifierKey | null;
  /** Posts `add-checkpoint`. Throws a retriable `AUDIT.WITNESS_AWAY` where it does not answer in time. */
  abstract addCheckpoint(body: string): Promise<{ readonly status: number; readonly body: string }>;
}
