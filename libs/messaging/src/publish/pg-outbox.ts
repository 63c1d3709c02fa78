import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import type { EventEnvelope, JsonEventDefinition, ServiceName } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { newId, type Clock } from '@steward/kernel';
import type { Transaction } from 'kysely';
import { encodeEvent } from '../event-codec';
import type { OutgoingRecord } from '../log-record';
import type { MessagingTables } from '../messaging-tables';
import { Outbox, type OutgoingEvent } from '../outbox';

/** The trace that the caller is in, as W3C headers; empty without a tracer. */
export function currentTrace(): { traceparent?: string } {
  const active = context.active();
  // Most telemetry is written within nobody's trace.
  if (active === ROOT_CONTEXT) return {};
  const carrier: { traceparent?: string } = {};
  propagation.inject(active, carrier);
  return carrier.traceparent ? { traceparent: carrier.traceparent } : {};
}

/** The outbox in the service's own schema. `wake` is called after each commit that wrote to it. */
export class PgOutbox extends Outbox {
  /** Events that wait for their transaction's COMMIT. */
  private readonly waiting = new WeakMap<UnitOfWork, OutgoingRecord[]>();

  constructor(
    private readonly service: ServiceName,
    private readonly clock: Clock,
    private readonly wake: () => void,
  ) {
    super();
  }

  publish<Definition extends JsonEventDefinition>(
    unit: UnitOfWork,
    definition: Definition,
    event: OutgoingEvent<Definition>,
  ): string {
    const { payload, ...rest } = event;
    const envelope: EventEnvelope = {
      ...rest,
      id: newId(this.clock.now()),
      type: definition.type,
      source: this.service,
      time: this.clock.iso(),
      ...currentTrace(),
    };
    this.add(unit, encodeEvent(definition, envelope, payload));
    return envelope.id;
  }

  private add(unit: UnitOfWork, record: OutgoingRecord): void {
    const records = this.waiting.get(unit);
    if (records) {
      records.push(record);
      return;
    }
    this.waiting.set(unit, [record]);
    unit.beforeCommit(() => this.write(unit));
    unit.afterCommit(this.wake);
  }

  private async write(unit: UnitOfWork): Promise<void> {
    const records = this.waiting.get(unit) ?? [];
    // Later hooks may publish again: that registers another writing.
    this.waiting.delete(unit);
    await (unit.tx as Transaction<MessagingTables>)
      .insertInto('outbox')
      .values(records.map((record) => ({ ...record, headers: JSON.stringify(record.headers) })))
      .execute();
  }
}
