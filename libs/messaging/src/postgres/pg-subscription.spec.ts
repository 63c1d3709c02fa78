import type { TopicDefinition } from '@steward/contracts';
import type { PgDatabase } from '@steward/database';
import type { BatchProcessor } from '../consume/batch-processor';
import type { LogReader } from './log-reader';
import { PgSubscription } from './pg-subscription';

describe('a subscription that is woken', () => {
  it('looks at the topics that grew, and not at all where it reads none of them', async () => {
    const looks: string[][] = [];
    const reader = {
      heads: (topics: string[]) => {
        looks.push([...topics]);
        return Promise.resolve([]);
      },
    } as unknown as LogReader;
    const processor = { position: () => Promise.reject(new Error('not asked')), released: () => undefined };
    const topics = ['models', 'policies'].map((name) => ({ name, partitions: 1 }) as TopicDefinition);
    const subscription = new PgSubscription(
      {} as PgDatabase,
      'inference',
      topics,
      reader,
      processor as unknown as BatchProcessor,
    );
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    subscription.acquired({ topic: 'models', partition: 0 });
    await turn();
    expect(looks.splice(0)).toEqual([['models', 'policies']]);
    subscription.woken(['predictions']);
    await turn();
    expect(looks).toEqual([]);
    subscription.woken(['predictions', 'policies']);
    await turn();
    // Nobody knows which.
    subscription.woken([]);
    await turn();
    expect(looks).toEqual([['policies'], ['models', 'policies']]);
    await subscription.released({ topic: 'models', partition: 0 });
    await subscription.stop();
  });
});
