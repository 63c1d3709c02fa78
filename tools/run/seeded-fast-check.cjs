/**
 * fast-check with one seed, in place of the package in all tests, so that a run can be repeated and a landing does not
 * hang on luck. To search elsewhere: STEWARD_FC_SEED=random (or a number) npm test.
 */
const { join } = require('node:path');
const fastCheck = require(
  join(__dirname, '..', '..', 'node_modules', 'fast-check', 'lib', 'cjs', 'fast-check.js'),
);

const wished = process.env.STEWARD_FC_SEED;
if (wished !== 'random') fastCheck.configureGlobal({ seed: Number(wished ?? 20261123) });

module.exports = fastCheck;
