import { allTopics, Services } from '@steward/contracts';
import { deadLetterTopic } from '../event-log-schema';
import { kafkaAcls } from './kafka-acls';

describe('kafkaAcls', () => {
  const acls = kafkaAcls();

  it('lets the owner alone write a topic', () => {
    for (const { name, owner } of allTopics) {
      const writers = acls.filter((acl) => acl.name === name && acl.operation === 'Write');
      expect(writers.map(({ service }) => service)).toEqual([owner]);
    }
  });

  it('lets every service write dead letters, and read in its own group', () => {
    const [topic] = allTopics;
    const writers = acls.filter(
      ({ name, operation }) => name === deadLetterTopic(topic!.name) && operation === 'Write',
    );
    expect(writers).toHaveLength(Services.length);
    expect(acls.filter(({ name }) => name === 'steward.training').map(({ service }) => service)).toEqual([
      'training',
    ]);
  });
});
