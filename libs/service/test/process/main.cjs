/** Runs a service of the sources in a process of its own, as a test's child. */
const { loadSource } = require('../../../../tools/run/load-source.cjs');

// As in an app's main.ts: first of all.
loadSource('libs/service/src/otel.ts');
loadSource('libs/service/test/process/sample-service.ts');
