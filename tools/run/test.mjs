/**
 * `npm test`: everything that a fresh clone needs to trust itself. Ends with one plain line `N passed, N failed`.
 * `--faults` runs the long fault study instead (all ten loops).
 */
import { build, entry } from './bootstrap.mjs';
import { jestStep, report, runSteps, staticSteps, unitStep } from './steps.mjs';

/** All suites but those of the loop and the console. Jest looks at paths within a project too: a negation would match all. */
const SERVICES = '/(apps|libs)/[^/]+/test/|/tools/(?!demo/)[^/]+/test/';

entry(async () => {
  await build();
  const steps = process.argv.includes('--faults')
    ? [
        jestStep('faults', 'e2e', ['--runInBand', '--testPathPatterns', 'faults'], {
          STEWARD_FAULT_LOOPS: '10',
        }),
      ]
    : [
        ...staticSteps(),
        unitStep(),
        jestStep('integration', 'integration'),
        jestStep('end to end: services', 'e2e', ['--runInBand', '--testPathPatterns', SERVICES]),
        // They wait for each other's services as much as they compute: side by side they take two thirds of the time.
        jestStep('end to end: the loop and the console', 'e2e', ['--testPathPatterns', '/tools/demo/']),
      ];
  report(await runSteps(steps));
});
