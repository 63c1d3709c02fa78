// Runs the Python oracles: `npm run oracle -- PYTHON [learning|onnx]`. PYTHON is an interpreter with the packages of
// tools/benchmarks/learning/requirements.txt. Needs nothing built and no data.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(fileURLToPath(new URL('.', import.meta.url)), '..', '..');
const LEARNING = join(ROOT, 'libs/learning/reference');
const ONNX = join(ROOT, 'libs/onnx/reference');

const [python, which] = process.argv.slice(2);
if (!python || (which && which !== 'learning' && which !== 'onnx')) {
  process.stderr.write(
    'Usage: npm run oracle -- PYTHON [learning|onnx]\n' +
      'PYTHON: an interpreter with the packages of tools/benchmarks/learning/requirements.txt, for example\n' +
      '  python3 -m venv .venv && .venv/bin/pip install -r tools/benchmarks/learning/requirements.txt\n' +
      'learning: makes the fixtures of libs/learning/reference anew and says how far they moved.\n' +
      'onnx: checks exported models with onnx.checker and Python’s onnxruntime.\n',
  );
  process.exit(2);
}
const run = (file, ...args) => execFileSync(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
if (which !== 'onnx') learning();
if (which !== 'learning') onnx();

/** Every script but fixture.py writes the fixture of its name. */
function learning() {
  for (const file of readdirSync(LEARNING).filter((name) => name.endsWith('.py') && name !== 'fixture.py')) {
    const fixtures = join(LEARNING, 'fixtures');
    const before = numbersIn(fixtures);
    run(python, join(LEARNING, file));
    const after = numbersIn(fixtures);
    process.stdout.write(`${file}: ${distance(before, after)}\n`);
  }
}

function numbersIn(folder) {
  const numbers = [];
  const collect = (value) => {
    if (typeof value === 'number') numbers.push(value);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(collect);
  };
  for (const name of readdirSync(folder).sort()) {
    const { versions: _, ...content } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    collect(content);
  }
  return numbers;
}

function distance(before, after) {
  if (before.length !== after.length) return `${before.length} numbers became ${after.length}`;
  const most = before.reduce((far, value, i) => Math.max(far, Math.abs(value - after[i])), 0);
  return `the fixtures moved by at most ${most.toPrecision(2)}`;
}

function onnx() {
  const folder = mkdtempSync(join(tmpdir(), 'steward-onnx-'));
  try {
    run(process.execPath, join(ONNX, 'export-cases.cjs'), folder);
    run(python, join(ONNX, 'check_cases.py'), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
