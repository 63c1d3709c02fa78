/** Runs inference from its sources in a process of its own, and in its workers, as a test's child. */
const { loadSource } = require('../../../../tools/run/load-source.cjs');

loadSource('apps/inference/src/main.ts');
