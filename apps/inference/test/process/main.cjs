/** Runs inference from its sources in a process of its own, and in its workers, as a test's child. */
const { loadSource } = require('../../../../tools/run/load-source.cjs');

loadSource('apps/inference/src/main.ts');

// With --expose-gc a test may ask what is left after a full garbage collection; by a signal, for the channel is the service's.
if (globalThis.gc)
  process.on('SIGUSR2', () => {
    globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.stdout.write(`collected ${JSON.stringify({ heapUsed, external, rss })}\n`);
  });
