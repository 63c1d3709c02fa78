import { describeEventBus } from '../src/event-bus.contract';
import { createBusDatabase, type BusDatabase } from './support/bus-database';

let database: BusDatabase;

beforeEach(async () => {
  database = await createBusDatabase();
});

afterEach(() => database.dispose());

describeEventBus('PostgreSQL', () => ({ bus: 'postgres', urlOf: (service) => database.urlOf(service) }));
