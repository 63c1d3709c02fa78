import type { BusPlace } from '../test/support/test-process';
import { describeDelivery } from './delivery.contract';
import { describeTransactions } from './transactions.contract';
import { describeTrouble } from './trouble.contract';

/** The conformance suite of the event bus. `place` gives a bus with a fresh database and an empty log for each test. */
export function describeEventBus(name: string, place: () => BusPlace): void {
  describeDelivery(name, place);
  describeTransactions(name, place);
  describeTrouble(name, place);
}
