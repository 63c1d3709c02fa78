/** Runs a service of the sources in a process of its own, as a test's child. */
const { loadSource } = require('../../../../tools/run/load-source.cjs');

loadSource('libs/service/test/process/sample-service.ts');
