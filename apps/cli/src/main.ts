#!/usr/bin/env node
import { runCli } from './run-cli';

// Whoever reads our output may stop early (`steward audit list | head`): that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void runCli(process.argv.slice(2), process.env, {
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
}).then((exitCode) => {
  process.exitCode = exitCode;
  // A pipe on the input that nobody reads must not keep us.
  process.stdin.destroy();
});
