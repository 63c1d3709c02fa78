// A process with nothing but a lifetime: it closes at once, while what it logged is still on its way out.
const { loadSource } = require('../../../../tools/run/load-source.cjs');
const { makeLogger } = loadSource('libs/service/src/logging.ts');
const { ProcessLifetime } = loadSource('libs/service/src/process-lifetime.ts');

new ProcessLifetime(makeLogger('training', 'info')).hold({ close: () => Promise.resolve() });
process.on('message', () => undefined);
process.send({ type: 'ready' });
