import { Injectable, Logger } from '@nestjs/common';
import { consistencyRanges, cosignedAt, witnessRequest } from '@steward/audit-log';
import { AppError } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import { AuditMetrics } from './audit.metrics';
import { AuditLogRepository, type SignedHead } from './audit-log.repository';
import { pathOf } from './sign-head';
import { WitnessClient } from './witness.client';

/**
 * Has the newest signed head cosigned by the witness and keeps the cosignature with it. Appending and signing never wait
 * for it: while the witness is away, or refuses, the lag grows, and the alert rule tells.
 */
@Injectable()
export class AskWitness extends RepeatedTask {
  protected readonly pauseMs = 2_000;
  private readonly told = new Logger(AskWitness.name);
  /** How many entries the witness has cosigned, as far as this process knows. */
  private seen = 0;
  private trouble: string | null = null;

  constructor(
    private readonly log: AuditLogRepository,
    private readonly witness: WitnessClient,
    private readonly metrics: AuditMetrics,
  ) {
    super();
  }

  protected async work(): Promise<void> {
    if (!this.witness.key) return;
    const head = await this.log.head();
    if (!head) return;
    const cosigned = cosignedAt(head.note, this.witness.key) !== null || (await this.attempt(head));
    this.metrics.witnessed(cosigned ? 0 : head.size - this.seen);
  }

  private async attempt(head: SignedHead): Promise<boolean> {
    try {
      const fault = await this.ask(head);
      if (fault !== this.trouble) {
        if (fault === null) this.told.log('The witness cosigns the audit log’s heads.');
        else this.told.error(fault);
      }
      this.trouble = fault;
      return fault === null;
    } catch (error) {
      if (!AppError.is(error) || error.code !== 'AUDIT.WITNESS_AWAY') throw error;
      if (this.trouble !== error.message) this.told.warn(error.message);
      this.trouble = error.message;
      return false;
    }
  }

  /** Null once the cosignature is kept; else why there is none. */
  private async ask(head: SignedHead): Promise<string | null> {
    let answer = await this.submit(head);
    if (answer.status === 409 && /^\d{1,15}\n$/.test(answer.body)) {
      // It has seen more, or less, than this process knew: after a restart of either of the two.
      this.seen = Number(answer.body);
      if (this.seen > head.size)
        return `The witness cosigned ${this.seen} entries, the log has ${head.size}: the log was taken back, by a restore or by tampering.`;
      answer = await this.submit(head);
    }
    if (answer.status !== 200)
      return `The witness refuses the head of ${head.size} entries (${answer.status}): ${answer.body.slice(0, 200).trim()}`;
    const line = answer.body
      .split('\n')
      .find((one) => cosignedAt(`${head.note}${one}\n`, this.witness.key!) !== null);
    if (line === undefined) return 'The witness answered without a cosignature of its key.';
    await this.log.addCosignature(head.size, `${line}\n`);
    this.seen = head.size;
    return null;
  }

  private async submit(head: SignedHead): Promise<{ status: number; body: string }> {
    const path = await pathOf(this.log, consistencyRanges(this.seen, head.size));
    return this.witness.addCheckpoint(witnessRequest(this.seen, path, head.note));
  }
}
