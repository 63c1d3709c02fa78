import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { newId } from '@steward/kernel';
import { RpcGuard, type EncodedCall } from '@steward/service';
import { RememberedCallers } from './remembered-callers';

/**
 * Decisions on credentials, remembered for a tenth of a second: the whole check with its digests is made ten times a
 * second and credential instead of at every request. Credentials stand in memory for that long and no longer.
 */
@Injectable()
export class Admissions {
  private readonly callers = new RememberedCallers();

  constructor(private readonly guard: RpcGuard) {}

  /** The caller of a credential that was admitted just now, with a correlation of this call; null: ask {@link admit}. */
  recall({ metadata }: EncodedCall): Caller | null {
    const [credential] = metadata.get('authorization');
    if (typeof credential !== 'string') return null;
    const caller = this.callers.recall(credential);
    return caller && { ...caller, correlation: newId() };
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
    if (typeof credential === 'string') this.callers.remember(credential, caller);
    return caller;
  }
}
