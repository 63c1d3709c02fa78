/** Load by h2load (Debian: nghttp2-client), whose own cost is small; and the CPU time of the processes under load. */
const { execFileSync, fork, spawn } = require('node:child_process');
const { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { cpus, tmpdir } = require('node:os');
const { join } = require('node:path');

const folder = mkdtempSync(join(tmpdir(), 'steward-load-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const TICKS_PER_SECOND = 100;

/** User and system seconds of a process (Linux). */
function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident bytes of a process. */
function residentBytes(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}

/** All that descends from a process, with it. */
function family(pid) {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  const all = new Set([pid]);
  for (let size = 0; size < all.size;) {
    size = all.size;
    for (const [child, parent] of parents) if (all.has(parent)) all.add(child);
  }
  return [...all];
}

/**
 * Runs something while this process and all that descend from it, the servers, the database and the load, have one core, but
 * for some that are `apart`.
 */
async function onOneCore(apart, work) {
  const others = new Set(apart.flatMap(family));
  const pin = (cores) => {
    for (const pid of family(process.pid).filter((each) => !others.has(each)))
      try {
        execFileSync('taskset', ['-a', '-c', '-p', cores, String(pid)], { stdio: 'ignore' });
      } catch {
        // It ended meanwhile.
      }
  };
  pin('0');
  try {
    return await work();
  } finally {
    pin(`0-${cpus().length - 1}`);
  }
}

/** Runs something while others that also stand ready, with all that descend from them, do nothing: not even look for news. */
async function alone(others, work) {
  const stopped = [...new Set(others.flatMap(family))];
  const signal = (name) => {
    for (const pid of stopped)
      try {
        process.kill(pid, name);
      } catch {
        // It ended meanwhile.
      }
  };
  signal('SIGSTOP');
  try {
    return await work();
  } finally {
    signal('SIGCONT');
  }
}

/** A gRPC message with its five bytes of head. */
function framed(message) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

/**
 * Drives one URL with one body for some seconds. Throws where an answer is none of success.
 *
 * @returns requests a second, percentiles in ms, CPU µs a request of `pids`, and the client's share of a core
 */
async function drive({
  url,
  body,
  headers = {},
  connections = 4,
  streams = 16,
  seconds = 5,
  warmUp = 1,
  rate,
  http1 = false,
  pids = [],
}) {
  const bodyFile = join(folder, 'body');
  const log = join(folder, 'log');
  writeFileSync(bodyFile, body);
  rmSync(log, { force: true });
  const args = ['-D', String(seconds), `--warm-up-time=${warmUp}`, '-c', String(connections), '-d', bodyFile];
  args.push(`--log-file=${log}`, '-m', String(http1 ? 1 : streams));
  if (http1) args.push('--h1');
  if (rate) args.push(`--rps=${rate / connections}`);
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`);
  const child = spawn('h2load', [...args, url]);
  let output = '';
  child.stdout.on('data', (part) => (output += part));
  child.stderr.on('data', (part) => (output += part));
  // Asked for now: on a machine that stands still for a moment it may end before the figures below are read.
  const ended = new Promise((resolve) => child.once('close', resolve));
  await sleep(warmUp);
  const cpu = cpuSince([...pids, child.pid]);
  await sleep(seconds * 0.9);
  const used = cpu();
  await ended;
  const perSecond = Number(/finished in [^,]+, ([\d.]+) req\/s/.exec(output)?.[1] ?? NaN);
  if (!(perSecond > 0) || !/^status codes: \d+ 2xx, 0 3xx, 0 4xx, 0 5xx$/m.test(output))
    throw new Error(output);
  const times = timesOf(log);
  return {
    perSecond,
    p50: times[Math.floor(times.length * 0.5)] ?? NaN,
    p99: times[Math.floor(times.length * 0.99)] ?? NaN,
    ...shares(used, child.pid, perSecond, seconds * 0.9),
  };
}

/** As drive, by a client that takes less of the cores and measures no single call (flood-client.cjs). Over gRPC only. */
async function flood({
  url,
  body,
  headers = {},
  connections = 4,
  streams = 16,
  seconds = 5,
  warmUp = 1,
  pids = [],
}) {
  const child = fork(join(__dirname, 'flood-client.cjs'));
  const ended = new Promise((_resolve, reject) =>
    child.once('exit', () => reject(new Error('The client ended.'))),
  );
  const answers = () => {
    child.send('answers');
    return Promise.race([ended, new Promise((resolve) => child.once('message', resolve))]);
  };
  child.send({ url, headers, connections, streams, body: body.toString('base64') });
  await sleep(warmUp);
  const before = await answers();
  const start = performance.now();
  const cpu = cpuSince([...pids, child.pid]);
  await sleep(seconds);
  const used = cpu();
  const took = (performance.now() - start) / 1000;
  const perSecond = ((await answers()) - before) / took;
  ended.catch(() => undefined);
  child.disconnect();
  return { perSecond, p50: NaN, p99: NaN, ...shares(used, child.pid, perSecond, took) };
}

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Called later: seconds of CPU time that each process has taken meanwhile. */
function cpuSince(pids) {
  const before = new Map(pids.map((pid) => [pid, cpuSeconds(pid)]));
  return () => new Map([...before].map(([pid, seconds]) => [pid, cpuSeconds(pid) - seconds]));
}

/** CPU time a request of the servers, and the client's share of a core. */
function shares(used, client, perSecond, seconds) {
  const total = [...used.values()].reduce((sum, each) => sum + each, 0);
  return {
    cpuMicros: ((total - used.get(client)) / (perSecond * seconds)) * 1e6,
    clientShare: used.get(client) / seconds,
  };
}

/** What each answer took, ms, in order. */
const timesOf = (log) =>
  Float64Array.from(
    readFileSync(log, 'utf8').trim().split('\n'),
    (line) => Number(line.split('\t')[2]) / 1000,
  ).sort();

module.exports = { alone, cpuSeconds, drive, flood, framed, onOneCore, residentBytes, sleep };
