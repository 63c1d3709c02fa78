import type { EventDefinition, ServiceName } from '@steward/contracts';
import { AlertRaised, PredictionLogged, type TelemetryColumn } from '@steward/contracts';
import { PgDatabase, type UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import {
  EventConsumer,
  handled,
  MessagingRuntime,
  type HandlerResult,
  type IncomingEvent,
} from '../../src/index';

/** Tables of test/migrations. */
export interface EffectTables {
  effect: { n: number; event_id: string; subject: string; offset: number; handler: string; at: Date };
  aggregate: { id: string; version: number };
}

/** Where a bus runs. */
export interface BusPlace {
  readonly bus: 'postgres' | 'kafka';
  readonly brokers?: readonly string[];
  urlOf(service: ServiceName): string;
}

/** One process of a service, without the process. */
export class TestProcess {
  readonly database: PgDatabase<EffectTables>;
  readonly runtime: MessagingRuntime;

  constructor(
    place: BusPlace,
    readonly service: ServiceName,
  ) {
    this.database = new PgDatabase({ url: place.urlOf(service) });
    this.runtime = new MessagingRuntime(
      { service, bus: place.bus, brokers: place.brokers, stoppedRetryMs: 200 },
      this.database as PgDatabase,
    );
  }

  async start(...consumers: EventConsumer<EventDefinition>[]): Promise<this> {
    await this.runtime.start(consumers);
    return this;
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    await this.database.close();
  }

  /** Publishes `alert.raised` of this aggregate in a transaction of its own (service monitoring). Returns its id. */
  raise(alertId: string): Promise<string> {
    return this.database.transaction((unit) => Promise.resolve(this.raiseIn(unit, alertId)));
  }

  raiseIn(unit: UnitOfWork, alertId: string): string {
    return this.runtime.outbox.publish(unit, AlertRaised, {
      subject: alertId,
      project: 'lending-1',
      correlation: newId(),
      actor: 'person-1',
      payload: {
        alertId,
        monitor: 'drift',
        kind: 'drift',
        model: 'approval',
        modelVersion: 1,
        windowId: newId(),
        columns: ['single'],
      },
    });
  }

  /** Appends one `prediction.logged` (service inference). Returns its event id. */
  async predict(predictionId: string): Promise<string> {
    const inputs: TelemetryColumn[] = [{ name: 'income', numbers: [1.5], texts: [], missing: [] }];
    const { id } = await this.runtime.telemetry.append(PredictionLogged, {
      subject: predictionId,
      project: 'lending-1',
      correlation: newId(),
      actor: 'machine-1',
      payload: {
        predictionId,
        firstRow: 0,
        rows: 1,
        project: 'lending-1',
        model: 'approval',
        modelVersion: 1,
        modelDigest: 'a'.repeat(64),
        inputs,
        sensitive: [],
        subjects: [],
        scores: [0.25],
        labels: ['yes'],
        timeMs: Date.now(),
        caller: 'machine-1',
        dataset: 'applications',
      },
    });
    return id;
  }

  /** Subjects of the handled events in the order of their effects. */
  async effects(handler?: string): Promise<EffectTables['effect'][]> {
    let query = this.database.kysely.selectFrom('effect').selectAll().orderBy('n');
    if (handler) query = query.where('handler', '=', handler);
    return await query.execute();
  }
}

/** Writes an effect for each event; `before` may throw or answer in its place. */
export async function leaveEffect(
  handler: string,
  event: IncomingEvent<EventDefinition>,
  unit: UnitOfWork<EffectTables>,
): Promise<HandlerResult> {
  await unit.tx
    .insertInto('effect')
    .values({ event_id: event.id, subject: event.subject, offset: event.offset, handler } as never)
    .execute();
  return handled.ok;
}

type Answer = (
  event: IncomingEvent<EventDefinition>,
) => HandlerResult | undefined | Promise<HandlerResult | undefined>;

/** A consumer of any event that leaves an effect, then does what the test says. */
export class Recorder<Definition extends EventDefinition> extends EventConsumer<Definition, EffectTables> {
  readonly seen: IncomingEvent<Definition>[] = [];

  constructor(
    readonly event: Definition,
    private readonly answer: Answer = () => undefined,
    private readonly label = 'Recorder',
  ) {
    super();
  }

  async handle(event: IncomingEvent<Definition>, unit: UnitOfWork<EffectTables>): Promise<HandlerResult> {
    this.seen.push(event);
    const result = await leaveEffect(this.label, event, unit);
    return (await this.answer(event)) ?? result;
  }
}

/** A second consumer class, because consumers of a service are told apart by their class names. */
export class SecondRecorder<Definition extends EventDefinition> extends Recorder<Definition> {
  constructor(event: Definition, answer?: Answer) {
    super(event, answer, 'SecondRecorder');
  }
}
