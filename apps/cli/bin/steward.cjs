#!/usr/bin/env node
// npm links a command at install only if its file is there then, and dist/ comes with the build: so this stands between.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'main.js');
if (existsSync(main)) require(main);
else {
  process.stderr.write(
    'steward is not built yet. Build it: npm run build (npm start and npm run demo do it too)\n',
  );
  process.exitCode = 1;
}
