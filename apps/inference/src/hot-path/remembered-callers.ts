import type { Caller } from '@steward/access';

/** A revoked key is refused this much later than the policy copy knows; both together stay below a second. */
const VALID_MS = 100;
const MOST = 10_000;

interface Admission {
  readonly caller: Caller;
  readonly until: number;
}

/** Who was admitted just now, by the credential he showed. Credentials stand in memory for that long and no longer. */
export class RememberedCallers {
  private readonly known = new Map<string, Admission>();
  private sweeping = false;

  /** Null: unknown, or too long ago. */
  recall(credential: string): Caller | null {
    const admission = this.known.get(credential);
    return admission && admission.until > performance.now() ? admission.caller : null;
  }

  remember(credential: string, caller: Caller): void {
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(credential, { caller, until: performance.now() + VALID_MS });
    if (this.sweeping) return;
    this.sweeping = true;
    setTimeout(() => {
      this.sweeping = false;
      this.known.clear();
    }, VALID_MS).unref();
  }
}
