// Compiles assembly/kernel.ts and writes it as base64 into src/boosting/kernel/kernel-wasm.ts, so that running the
// library needs no build step. With --stdout the base64 text is printed instead (the test compares it).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')),
  'bin/asc.js',
);
const folder = mkdtempSync(join(tmpdir(), 'steward-kernel-'));
try {
  const out = join(folder, 'kernel.wasm');
  const flags = [
    '-O3',
    '--runtime',
    'stub',
    '--noAssert',
    '--enable',
    'simd',
    '--importMemory',
    '--use',
    'abort=',
  ];
  const done = spawnSync(process.execPath, [compiler, 'assembly/kernel.ts', '-o', out, ...flags], {
    cwd: root,
  });
  if (done.status !== 0) throw new Error(`The kernel does not compile:\n${done.stderr.toString()}`);
  const base64 = readFileSync(out).toString('base64');
  if (process.argv.includes('--stdout')) process.stdout.write(base64);
  else {
    const lines = base64.match(/.{1,100}/g).map((line) => `  '${line}',`);
    const text = `/** Compiled from assembly/kernel.ts by tools/compile-kernel.mjs; not written by hand. */\nexport const kernelWasm = [\n${lines.join('\n')}\n].join('');\n`;
    writeFileSync(join(root, 'src/boosting/kernel/kernel-wasm.ts'), text);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
