/**
 * `npm test`: everything that a fresh clone needs to trust itself. Ends with one plain line `N passed, N failed`.
 * `--faults` runs the long fault study instead (all ten loops).
 */
import { build, entry } from './bootstrap.mjs';
import { jestStep, report, runSteps, staticSteps, unitStep } from './steps.mjs';

entry(async () => {
  await build();
  const steps = process.argv.includes('--faults')
    ? [jestStep('faults', 'e2e', ['--testPathPatterns', 'faults'], { STEWARD_FAULT_LOOPS: '10' })]
    : [...staticSteps(), unitStep(), jestStep('integration', 'integration'), jestStep('end to end', 'e2e')];
  report(await runSteps(steps));
});
