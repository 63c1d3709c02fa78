/** The whole workspace as one Jest run; `npm test` chooses sizes with --selectProjects. */
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const preset = require('./jest.preset.js');

const folders = ['libs', 'apps', 'tools'].flatMap((wing) =>
  readdirSync(join(__dirname, wing))
    .map((name) => join(__dirname, wing, name))
    .filter((folder) => existsSync(join(folder, 'jest.config.js'))),
);

module.exports = {
  projects: folders.flatMap((folder) => preset(folder).projects),
  testSequencer: join(__dirname, 'tools/run/jest-slow-first.cjs'),
};
