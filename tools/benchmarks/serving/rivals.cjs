/**
 * MLServer (scikit-learn runtime) and KServe's Python server (ONNX Runtime), in virtual environments under the temporary
 * folder, made once. Null where PyPI cannot be reached or a server does not get up: said, not hidden.
 */
const { execFileSync, spawn } = require('node:child_process');
const { existsSync, mkdirSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const HOME = join(tmpdir(), 'steward-serving-rivals');

function environment(name, packages) {
  const folder = join(HOME, name);
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'complete'))) return python;
  mkdirSync(HOME, { recursive: true });
  execFileSync('python3', ['-m', 'venv', folder]);
  execFileSync(join(folder, 'bin', 'pip'), ['install', '-q', ...packages], { stdio: 'ignore' });
  writeFileSync(join(folder, 'complete'), packages.join('\n'));
  return python;
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function started(name, child, httpPort, grpcPort) {
  const url = `http://127.0.0.1:${httpPort}/v2/models/trees/ready`;
  for (let attempt = 0; attempt < 240; attempt++) {
    if (child.exitCode !== null) return null;
    const ready = await fetch(url).catch(() => null);
    if (ready?.ok)
      return {
        name,
        grpc: `127.0.0.1:${grpcPort}`,
        http: `http://127.0.0.1:${httpPort}`,
        stop: () => process.kill(-child.pid, 'SIGKILL'),
        pids: () => family(child.pid),
      };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  process.kill(-child.pid, 'SIGKILL');
  return null;
}

/** A process and its children. */
function family(pid) {
  try {
    const children = execFileSync('pgrep', ['-P', String(pid)])
      .toString()
      .trim()
      .split('\n')
      .map(Number);
    return [pid, ...children.flatMap(family)];
  } catch {
    return [pid];
  }
}

async function mlserver() {
  const python = environment('mlserver', ['mlserver', 'mlserver-sklearn', 'uvloop<0.22']);
  const folder = join(HOME, 'mlserver-model');
  mkdirSync(folder, { recursive: true });
  execFileSync(python, [join(__dirname, 'rivals', 'train_sklearn.py'), join(folder, 'model.joblib')]);
  const [http_port, grpc_port, metrics_port] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(
    join(folder, 'settings.json'),
    JSON.stringify({ host: '127.0.0.1', http_port, grpc_port, metrics_port, debug: false }),
  );
  writeFileSync(
    join(folder, 'model-settings.json'),
    JSON.stringify({
      name: 'trees',
      implementation: 'mlserver_sklearn.SKLearnModel',
      parameters: { uri: './model.joblib' },
    }),
  );
  const program = join(python, '..', 'mlserver');
  const child = spawn(program, ['start', folder], { detached: true, stdio: 'ignore', cwd: folder });
  return started('MLServer, scikit-learn', child, http_port, grpc_port);
}

async function kserve(onnx) {
  const python = environment('kserve', ['kserve', 'onnxruntime']);
  const folder = join(HOME, 'kserve-model');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), onnx);
  const [http, grpc] = [await freePort(), await freePort()];
  const child = spawn(
    python,
    [
      join(__dirname, 'rivals', 'serve_kserve.py'),
      join(folder, 'model.onnx'),
      '--http_port',
      String(http),
      '--grpc_port',
      String(grpc),
      '--enable_docs_url',
      'false',
    ],
    { detached: true, stdio: 'ignore' },
  );
  return started('KServe Python, ONNX Runtime', child, http, grpc);
}

/** Those that get up, and the names of those that do not. */
async function startRivals(onnx) {
  const servers = [];
  const missing = [];
  for (const [name, start] of [
    ['MLServer', mlserver],
    ['KServe', () => kserve(onnx)],
  ]) {
    const server = await Promise.resolve()
      .then(start)
      .catch((error) => void process.stderr.write(`${name}: ${error.message}\n`));
    if (server) servers.push(server);
    else missing.push(name);
  }
  return { servers, missing };
}

module.exports = { startRivals };
