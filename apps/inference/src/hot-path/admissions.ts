import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { newId } from '@steward/kernel';
import { RpcGuard, type EncodedCall } from '@steward/service';
import { RememberedCallers } from './remembered-callers';

/**
 * Decisions on credentials, remembered for a tenth of a second: the whole check with its digests is made ten times a
 * second and credential instead of at every request. What was decided stands in memory for that long and no longer.
 */
@Injectable()
export class Admissions {
  private readonly callers = new RememberedCallers();

  constructor(private readonly guard: RpcGuard) {}

  /**
   * The caller of a credential that was admitted just now; null: ask {@link admit}. The correlation is the admission's:
   * give each call its own.
   */
  recall(credential: string): Caller | null {
    return this.callers.recall(credential);
  }

  /** The whole check. Throws the AppError of the refusal. */
  async admit(call: EncodedCall, path: string): Promise<Caller> {
    const { decision } = call;
    const metadata = call.metadata();
    const caller = await this.guard.admit({
      path,
      decision,
      metadata,
      peer: call.peer(),
      request: undefined,
      correlation: newId(),
    });
    const credential = call.header('authorization');
    if (credential !== undefined) this.callers.remember(credential, caller);
    return caller;
  }
}
