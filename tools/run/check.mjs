/** `npm run check`: the fast part of `npm test`: format, lint, types, protocols, boundaries, unit tests. */
import { entry, install } from './bootstrap.mjs';
import { report, runSteps, staticSteps, unitStep } from './steps.mjs';

entry(async () => {
  await install();
  report(await runSteps([...staticSteps(), unitStep()]));
});
