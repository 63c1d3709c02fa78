/** The steps of `npm run check` and `npm test`, and how their results become one line. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './bootstrap.mjs';

const bin = (...path) => join(ROOT, 'node_modules', ...path);
const node = (script, ...args) => [process.execPath, [script, ...args]];
const nx = (target) =>
  node(bin('nx', 'dist', 'bin', 'nx.js'), 'run-many', '-t', target, '--output-style=stream');

/** Checks that read files and run nothing of ours. Each counts as one test. */
export function staticSteps() {
  return [
    commandStep('format', node(bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.')),
    commandStep('lint', nx('lint')),
    commandStep('types', nx('typecheck')),
    commandStep('protocols: lint', node(bin('@bufbuild', 'buf', 'bin', 'buf'), 'lint')),
    commandStep(
      'protocols: no breaking change against the baseline',
      node(bin('@bufbuild', 'buf', 'bin', 'buf'), 'breaking', '--against', 'proto/baseline.binpb'),
    ),
    commandStep('rules of the house', node(join(ROOT, 'tools', 'checks', 'run.mjs'))),
  ];
}

export const unitStep = () => jestStep('unit', 'unit');

function commandStep(name, [command, args]) {
  return {
    name,
    run: async () => {
      const { code, output } = await execute(command, args, {});
      return {
        passed: code === 0 ? 1 : 0,
        failed: code === 0 ? 0 : 1,
        skipped: 0,
        suites: [],
        output: code === 0 ? '' : output,
      };
    },
  };
}

/** All suites of one size in one Jest run; a failure to start counts as one failed test. */
export function jestStep(name, size, args = [], env = {}) {
  return {
    name,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'steward-jest-'));
      const file = join(folder, 'result.json');
      const [command, words] = node(
        bin('jest', 'bin', 'jest.js'),
        '--selectProjects',
        size,
        '--json',
        '--outputFile',
        file,
        '--silent=false',
        ...(size === 'e2e' ? ['--runInBand'] : ['--maxWorkers=2']),
        ...args,
      );
      const { code, output } = await execute(command, words, env);
      try {
        return jestResult(JSON.parse(readFileSync(file, 'utf8')), code, output);
      } catch {
        return { passed: 0, failed: 1, skipped: 0, suites: [], output };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function jestResult(result, code, output) {
  // A suite that could not run at all has no failed test of its own: it counts as one.
  const broken = result.numRuntimeErrorTestSuites;
  const failed = result.numFailedTests + broken;
  const ran = result.numPassedTests + failed > 0;
  return {
    passed: result.numPassedTests,
    failed: failed || (code === 0 && ran ? 0 : 1),
    skipped: result.numPendingTests + result.numTodoTests,
    suites: result.testResults.map((suite) => ({
      name: suite.name.replace(`${ROOT}/`, ''),
      seconds: (suite.endTime - suite.startTime) / 1000,
    })),
    output: code === 0 ? '' : output,
  };
}

/** Output is shown as it comes when it goes to a terminal, and kept for the failure report. */
function execute(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NX_TASKS_RUNNER_DYNAMIC_OUTPUT: 'false', FORCE_COLOR: '0', ...env },
    });
    const parts = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => parts.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('exit', (code) => resolve({ code: code ?? 1, output: Buffer.concat(parts).toString('utf8') }));
  });
}

export async function runSteps(steps) {
  const total = { passed: 0, failed: 0, skipped: 0, suites: [] };
  for (const step of steps) {
    const started = Date.now();
    const result = await step.run();
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const line = `${result.failed === 0 ? 'ok  ' : 'FAIL'} ${step.name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped, ${seconds} s`;
    process.stdout.write(`${result.output.slice(-60_000)}${line}\n`);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
    total.suites.push(...result.suites);
  }
  return total;
}

export function report(total) {
  const slowest = total.suites.toSorted((left, right) => right.seconds - left.seconds).slice(0, 10);
  if (slowest.length > 0) process.stdout.write('Slowest suites:\n');
  for (const suite of slowest)
    process.stdout.write(`  ${suite.seconds.toFixed(1).padStart(6)} s  ${suite.name}\n`);
  const forbiddenSkip = process.env.CI && total.skipped > 0;
  if (forbiddenSkip)
    process.stdout.write(
      'Tests were skipped, which fails in CI: something that they need is not installed.\n',
    );
  const failed = total.failed + (forbiddenSkip ? 1 : 0);
  process.stdout.write(
    `${total.passed} passed, ${failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
  );
  if (failed > 0 || total.passed === 0) process.exitCode = 1;
}
