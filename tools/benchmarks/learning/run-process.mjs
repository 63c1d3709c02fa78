// Runs a script of this folder in a process of its own and reads the JSON that it prints.
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const ENGINES = ['Steward', 'scikit-learn', 'LightGBM', 'XGBoost'];

const options = { maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'inherit'] };
const run = (file, args) => execFileSync(file, args, options).toString();

/** What a script of this folder prints (.mjs by this Node, .py by the given Python). */
export function runScript(python, script, ...args) {
  const [file, flags] = script.endsWith('.py') ? [python, []] : [process.execPath, ['--expose-gc']];
  const out = run(file, [...flags, join(here, script), ...args.map(String)]);
  process.stderr.write(
    `${new Date().toISOString().slice(11, 19)} ${script} ${args.join(' ')}: ${out.slice(0, 300)}\n`,
  );
  return out;
}

/** The machine and the versions of Node and of the Python packages named. */
export function machine(python, packages) {
  const code = `import importlib.metadata as m;print(", ".join(f"{p} {m.version(p)}" for p in "${packages}".split()))`;
  const gib = Math.round(totalmem() / 2 ** 30);
  return (
    `Made on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} cores, ${gib} GiB, ` +
    `Node ${process.version}; ${run(python, ['-c', code]).trim()}.`
  );
}

/** The usage of a script that needs a Python and the data, or its arguments if these two are there. */
export function needs(given, script, extra = '') {
  const [python, source, ...rest] = given;
  if (python && source) return [python, source, ...rest];
  process.stderr.write(
    `Usage: node tools/benchmarks/learning/${script} PYTHON FOLDER_WITH_DATA${extra}\n` +
      'PYTHON: an interpreter with the packages of tools/benchmarks/learning/requirements.txt.\n' +
      'FOLDER_WITH_DATA: the real data sets; tools/benchmarks/learning/README.md names them.\n' +
      'The libraries must be built (npm run build).\n',
  );
  return process.exit(2);
}
