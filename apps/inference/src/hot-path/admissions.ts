import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { newId } from '@steward/kernel';
import { RpcGuard, type EncodedCall } from '@steward/service';

/** A revoked key is refused this much later than the policy copy knows; both together stay below a second. */
const VALID_MS = 100;
const MOST = 10_000;

interface Admission {
  readonly caller: Caller;
  readonly until: number;
}

/**
 * Decisions on credentials, remembered for a tenth of a second: the whole check with its digests is made ten times a
 * second and credential instead of at every request. Credentials stand in memory for that long and no longer.
 */
@Injectable()
export class Admissions {
  private readonly known = new Map<string, Admission>();
  private sweeping = false;

  constructor(private readonly guard: RpcGuard) {}

  /** The caller of a credential that was admitted just now, with a correlation of this call; null: ask {@link admit}. */
  recall({ metadata }: EncodedCall): Caller | null {
    const [credential] = metadata.get('authorization');
    if (typeof credential !== 'string') return null;
    const admission = this.known.get(credential);
    if (!admission || admission.until <= performance.now()) return null;
    return { ...admission.caller, correlation: newId() };
  }

  /** The whole check. Throws the AppError of the refusal. */
  async admit({ metadata, peer, decision }: EncodedCall, path: string): Promise<Caller> {
    const correlation = newId();
    const caller = await this.guard.admit({
      path,
      decision,
      metadata,
      peer: peer(),
      request: undefined,
      correlation,
    });
    const [credential] = metadata.get('authorization');
    if (typeof credential === 'string') this.remember(credential, caller);
    return caller;
  }

  private remember(credential: string, caller: Caller): void {
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
