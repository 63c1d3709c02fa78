const { statSync } = require('node:fs');
const { relative, sep } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

const ROOT = `${__dirname}${sep}..${sep}..`;

/**
 * Seconds of the suites that take longest, so that they begin first and the workers end together: Jest measures this
 * itself, but a fresh clone has no measurements. A wrong figure costs a little time and nothing else.
 */
const SLOW = {
  'libs/messaging/test/kafka-event-bus.int-spec.ts': 75,
  'libs/messaging/test/outages.int-spec.ts': 55,
  'apps/training/test/killed-worker.int-spec.ts': 52,
  'libs/messaging/test/kafka-traps.int-spec.ts': 49,
  'libs/messaging/test/pg-event-bus.int-spec.ts': 47,
  'apps/ingestion/test/erasure-kills.int-spec.ts': 31,
  'apps/governance/test/approval-kills.int-spec.ts': 29,
  'apps/governance/test/notifications.int-spec.ts': 25,
  'apps/governance/test/retention-kills.int-spec.ts': 24,
  'apps/training/test/training-loop.int-spec.ts': 23,
  'apps/governance/test/erasure-kills.int-spec.ts': 23,
  'apps/ingestion/test/retention-kills.int-spec.ts': 21,
  'apps/inference/test/inference.int-spec.ts': 20,
  'libs/messaging/test/pg-event-log.int-spec.ts': 16,
  'apps/governance/test/approval-rounds.int-spec.ts': 15,
};

/** The slow ones first, then by size. */
class SlowFirst extends Sequencer {
  sort(tests) {
    const weigh = ({ path }) =>
      SLOW[relative(ROOT, path).split(sep).join('/')] ?? statSync(path).size / 4_000;
    const weighed = [...tests].map((test) => ({ test, weight: weigh(test) }));
    return weighed.sort((left, right) => right.weight - left.weight).map(({ test }) => test);
  }
}

module.exports = SlowFirst;
