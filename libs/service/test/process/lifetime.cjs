// A process with nothing but a lifetime: it closes at once, while what it logged is still on its way out.
const { loadSource } = require('../../../../tools/run/load-source.cjs');
const { makeLogger } = loadSource('libs/service/src/logging.ts');
const { ProcessLifetime } = loadSource('libs/service/src/process-lifetime.ts');

const logger = makeLogger('training', 'info');
new ProcessLifetime(logger).hold({ close: () => Promise.resolve() });
// Any message: lines that are on their way out when a fault comes that nobody catches.
process.on('message', () => {
  for (let line = 0; line < 100; line++) logger.info({ line }, 'on its way');
  throw new Error('nobody catches this');
});
process.send({ type: 'ready' });
