import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AlertRaised } from '@steward/contracts';
import { Database, DatabaseModule, type UnitOfWork } from '@steward/database';
import {
  BusHealth,
  DeadLetters,
  EventConsumer,
  handled,
  MessagingModule,
  Outbox,
  TelemetryLog,
  type HandlerResult,
} from '../src/index';
import { createBusDatabase, type BusDatabase } from './support/bus-database';
import { eventually } from './support/eventually';

const handledBy: string[] = [];

@Injectable()
class AlertRaisedConsumer extends EventConsumer<typeof AlertRaised> {
  readonly event = AlertRaised;

  handle(event: { id: string }, _unit: UnitOfWork): Promise<HandlerResult> {
    handledBy.push(event.id);
    return Promise.resolve(handled.ok);
  }
}

describe('MessagingModule', () => {
  let database: BusDatabase;

  beforeAll(async () => {
    database = await createBusDatabase();
  });

  afterAll(() => database.dispose());

  it('gives an application its outbox, finds its consumers, and ends with it', async () => {
    @Module({
      imports: [
        DatabaseModule.forRoot({ url: database.urlOf('monitoring') }),
        MessagingModule.forRoot({ service: 'monitoring', bus: 'postgres' }),
      ],
      providers: [AlertRaisedConsumer],
    })
    class MonitoringModule {}

    const application = await NestFactory.createApplicationContext(MonitoringModule, { logger: ['error'] });
    const outbox = application.get(Outbox);
    const id = await application.get(Database).transaction((unit: UnitOfWork) =>
      Promise.resolve(
        outbox.publish(unit, AlertRaised, {
          subject: 'alert-1',
          project: 'lending-1',
          correlation: 'c',
          actor: 'a',
          payload: {
            alertId: 'alert-1',
            monitor: 'm',
            kind: 'drift',
            model: 'm',
            modelVersion: 1,
            windowId: 'w',
            columns: [],
          },
        }),
      ),
    );
    await eventually(() => expect(handledBy).toEqual([id]));
    expect(application.get(TelemetryLog)).toBeInstanceOf(TelemetryLog);
    expect(application.get(DeadLetters)).toBeInstanceOf(DeadLetters);
    await eventually(() =>
      expect(application.get(BusHealth).report()).toMatchObject({ live: true, ready: true }),
    );
    await application.close();
  });

  it('starts while the database is away: live, not ready', async () => {
    @Module({
      imports: [
        DatabaseModule.forRoot({ url: 'postgresql://steward_training:x@127.0.0.1:1/none' }),
        MessagingModule.forRoot({ service: 'training', bus: 'postgres' }),
      ],
    })
    class TrainingModule {}

    const application = await NestFactory.createApplicationContext(TrainingModule, { logger: false });
    expect(application.get(BusHealth).report()).toMatchObject({ live: true, ready: false });
    await application.close();
  });
});
