/**
 * Serving, measured beside the limit and the rivals in the same run: `node tools/benchmarks/serving/run.cjs`. Needs
 * `npm run build`, h2load (Debian: nghttp2-client) and, for the rivals, PyPI. Writes docs/benchmarks/serving.md.
 * STEWARD_BENCHMARK_SECONDS (5) and _ROUNDS (3) say how long; `--no-rivals` leaves MLServer and KServe out; `--only` one of
 * rest, overload, batches, swap and workers measures that part and nothing else.
 */
const { fork } = require('node:child_process');
const cluster = require('node:cluster');
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { cpus, loadavg } = require('node:os');
const { join } = require('node:path');
const { alone, drive, flood, framed, onOneCore, sleep } = require('./load.cjs');
const { binaryRequest, columnsRequest, jsonRequest, tensorRequest } = require('./requests.cjs');
const { startRivals } = require('./rivals.cjs');
const { inProcessRowsPerSecond, model, startDatabase, startSteward } = require('./steward.cjs');

const SECONDS = Number(process.env.STEWARD_BENCHMARK_SECONDS ?? 5);
const ROUNDS = Number(process.env.STEWARD_BENCHMARK_ROUNDS ?? 3);
const PATH = '/inference.GRPCInferenceService/ModelInfer';
const GRPC = { 'content-type': 'application/grpc', te: 'trailers' };

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const lines = [];
const say = (line) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};
const pidsOf = (house) => (house.workers().length > 0 ? house.workers() : [house.pid]);

/**
 * Medians over the rounds, the servers taking turns, so that a change of the machine meets all of them; while one is
 * measured the others stand still. Over gRPC the client takes a refusal for an answer: of a `house` predictions count.
 */
async function inTurns(targets, rounds = ROUNDS) {
  const seen = targets.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, { apart, house, load = drive, ...target }] of targets.entries()) {
      const own = target.pids();
      const others = targets.flatMap(({ pids }) => pids()).filter((pid) => !own.includes(pid));
      const run = () => load({ seconds: SECONDS, ...target, pids: own });
      const before = house && (await answers(house));
      const driven = await alone(others, () => (apart ? onOneCore(apart(), run) : run()));
      const share = house ? predicted(before, await answers(house)) : 1;
      seen[index].push({
        ...driven,
        perSecond: driven.perSecond * share,
        cpuMicros: driven.cpuMicros / share,
        refused: 1 - share,
      });
    }
  return seen.map((runs, index) => ({
    name: targets[index].name,
    perSecond: median(runs.map((run) => run.perSecond)),
    p99: median(runs.map((run) => run.p99)),
    cpuMicros: median(runs.map((run) => run.cpuMicros)),
    clientShare: median(runs.map((run) => run.clientShare)),
    refused: median(runs.map((run) => run.refused)),
    rounds: runs.map((run) => run.perSecond),
  }));
}

/** How many calls of ModelInfer a Steward has answered with predictions, and how many it has refused. */
async function answers({ url }) {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  const counts = { ok: 0, refused: 0 };
  const line = /^steward_grpc_request_duration_seconds_count\{(.*ModelInfer".*)\} (\d+)$/gm;
  for (const [, labels, count] of text.matchAll(line))
    counts[labels.includes('status="OK"') ? 'ok' : 'refused'] += Number(count);
  return counts;
}

/** The share of predictions among the answers between the two. */
function predicted(before, after) {
  const ok = after.ok - before.ok;
  if (ok === 0) throw new Error('There was not one prediction among the answers.');
  return ok / (ok + after.refused - before.refused);
}

const grpc = (address, body, headers = {}) => ({
  url: `http://${address}${PATH}`,
  body: framed(body),
  headers: { ...GRPC, ...headers },
});

function table(results, against) {
  say('| server | requests/s | of the limit | CPU µs a request | limit / its CPU | p99 ms | client, cores |');
  say('| --- | --- | --- | --- | --- | --- | --- |');
  for (const { name, perSecond, cpuMicros, p99, clientShare, refused } of results) {
    const besides = refused < 0.0005 ? '' : ` (${(100 * refused).toFixed(1)} % refused)`;
    say(
      `| ${name}${besides} | ${perSecond.toFixed(0)} | ${(perSecond / against.perSecond).toFixed(2)} | ${cpuMicros.toFixed(0)} | ${(against.cpuMicros / cpuMicros).toFixed(2)} | ${Number.isNaN(p99) ? '–' : p99.toFixed(1)} | ${clientShare.toFixed(2)} |`,
    );
  }
  say('');
}

function paced(task) {
  const child = fork(join(__dirname, 'paced-client.cjs'));
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) =>
      reject(new Error(`The paced client ended with ${code} before it told anything.`)),
    );
    child.send({ ...task, body: task.body.toString('base64') });
  });
}

/** A bare server, or two on one port: how much a second process gains on this machine with this client. */
async function startBare(processes) {
  // Of its own choice: all processes of a cluster that ask for any port get the same one, also those of another server.
  const address = `127.0.0.1:${await freePort()}`;
  cluster.setupPrimary({ exec: join(__dirname, 'bare-server.cjs') });
  const started = Array.from({ length: processes }, () => cluster.fork({ BARE_ADDRESS: address }));
  await Promise.all(started.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  return {
    address,
    pids: () => started.map((worker) => worker.process.pid),
    stop: () => started.forEach((worker) => worker.kill()),
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * One and two processes, of the bare server and of Steward, with the same client. The load and the database run on the same
 * cores, so one process is measured twice: with all cores, where they have the other one, and with one core for all of them.
 * What one and two can do is the better of 256 and 1,024 in flight: of 64 both run out while the client waits for a core.
 */
async function workers(bare, one, two) {
  say('## A second process\n');
  const twoBare = await startBare(2);
  const body = tensorRequest(1);
  const auth = { authorization: one.authorization };
  const bareOne = { ...grpc(bare.address, body, auth), pids: bare.pids };
  const bareTwo = { ...grpc(twoBare.address, body, auth), pids: twoBare.pids };
  const steward = (house) => ({
    ...grpc(house.grpcAddress, body, { authorization: house.authorization }),
    pids: () => pidsOf(house),
    house,
  });
  // Idle meanwhile, as the one process is while these are measured.
  const apart = () => [two.pid, ...twoBare.pids()];
  const targets = [
    { name: 'bare grpc-js', ...bareOne },
    { name: 'bare grpc-js, all on one core', ...bareOne, apart },
    { name: 'bare grpc-js, two processes', ...bareTwo },
    { name: 'Steward', ...steward(one) },
    { name: 'Steward, all on one core', ...steward(one), apart },
    { name: 'Steward, two workers', ...steward(two) },
  ].flatMap((target) =>
    [64, 256].map((streams) => ({
      ...target,
      name: `${target.name}, ${(4 * streams).toLocaleString('en')} in flight`,
      streams,
      load: flood,
    })),
  );
  const results = await inTurns(targets, 2 * ROUNDS - 1);
  twoBare.stop();
  table(results, results[0]);
  const best = (server, round) =>
    Math.max(results[2 * server].rounds[round], results[2 * server + 1].rounds[round]);
  const gain = (more, less) =>
    median(results[0].rounds.map((_, round) => best(more, round) / best(less, round))).toFixed(2);
  say(
    `Two processes on ${cpus().length} cores, with the load and the database beside them: ${gain(5, 4)} × of one process on one core with the same beside it (the bare server: ${gain(2, 1)} ×), and ${gain(5, 3)} × of one process that has the other core for them (the bare server: ${gain(2, 0)} ×). Medians of each round's better of the two.\n`,
  );
}

async function oneRow(bare, one, rivals) {
  say('## One row a request, 64 in flight, closed loop\n');
  const auth = { authorization: one.authorization };
  const targets = [
    {
      name: 'bare grpc-js, one tensor',
      ...grpc(bare.address, tensorRequest(1), auth),
      pids: bare.pids,
    },
    {
      name: 'Steward, one tensor',
      ...grpc(one.grpcAddress, tensorRequest(1), auth),
      pids: () => pidsOf(one),
      house: one,
    },
    ...rivals.map((rival) => ({
      name: rival.name,
      ...grpc(rival.grpc, tensorRequest(1, 'trees')),
      pids: rival.pids,
    })),
  ];
  const results = await inTurns(targets);
  table(results, results[0]);
  const columns = await inTurns([
    {
      name: 'bare grpc-js, an input per column',
      ...grpc(bare.address, columnsRequest(1), auth),
      pids: bare.pids,
    },
    {
      name: 'Steward, an input per column',
      ...grpc(one.grpcAddress, columnsRequest(1), auth),
      pids: () => pidsOf(one),
      house: one,
    },
  ]);
  table(columns, columns[0]);
  return results;
}

async function rest(one, limit) {
  say('## REST, one row\n');
  const { body, headerLength } = binaryRequest(1);
  const url = `${one.url}/v2/models/lending.trees/infer`;
  const headers = { authorization: one.authorization };
  const http1 = { http1: true, connections: 64 };
  const results = await inTurns([
    { name: 'Steward, gRPC', ...grpc(one.grpcAddress, tensorRequest(1), headers), pids: () => pidsOf(one) },
    {
      name: 'Steward, REST binary',
      url,
      body,
      headers: {
        ...headers,
        'content-type': 'application/octet-stream',
        'inference-header-content-length': String(headerLength),
      },
      ...http1,
      pids: () => pidsOf(one),
    },
    {
      name: 'Steward, REST JSON',
      url,
      body: jsonRequest(1),
      headers: { ...headers, 'content-type': 'application/json' },
      ...http1,
      pids: () => pidsOf(one),
    },
  ]);
  table(results, results[0] ?? limit);
}

async function halfLoad(bare, one, capacity) {
  say('## At half of its capacity: even arrivals, measured from the intended time\n');
  say('| server | offered/s | p50 ms | p99 ms | client, cores |');
  say('| --- | --- | --- | --- | --- |');
  const rate = Math.max(50, Math.round(capacity / 2));
  for (const [name, address] of [
    ['bare grpc-js', bare.address],
    ['Steward', one.grpcAddress],
  ]) {
    const seen = await paced({
      url: `http://${address}`,
      path: PATH,
      headers: { ...GRPC, authorization: one.authorization },
      body: framed(tensorRequest(1)),
      rate,
      seconds: SECONDS,
      connections: 4,
    });
    say(
      `| ${name} | ${rate} | ${seen.p50.toFixed(2)} | ${seen.p99.toFixed(2)} | ${seen.clientShare.toFixed(2)} |`,
    );
  }
  say('');
}

async function overload(bare, one) {
  say('## Overload: 256 rows a request at twice its capacity\n');
  const headers = { ...GRPC, authorization: one.authorization };
  const body = framed(tensorRequest(256));
  const capacity = await drive({
    url: `http://${one.grpcAddress}${PATH}`,
    body,
    headers,
    connections: 2,
    streams: 4,
    seconds: SECONDS,
    pids: pidsOf(one),
  });
  const offer = (address) =>
    paced({
      url: `http://${address}`,
      path: PATH,
      headers,
      body,
      rate: 2 * capacity.perSecond,
      seconds: SECONDS,
      connections: 4,
    });
  const seen = await offer(one.grpcAddress);
  // What of the wait is client, machine and transport: a server that reads all the same and has nothing to compute.
  const limit = await offer(bare.address);
  const after = await drive({
    url: `http://${one.grpcAddress}${PATH}`,
    body,
    headers,
    connections: 2,
    streams: 4,
    seconds: SECONDS,
    warmUp: 1,
    pids: pidsOf(one),
  });
  say(
    `Capacity ${capacity.perSecond.toFixed(0)}/s; offered ${seen.offered.toFixed(0)}/s; answered ${seen.goodput.toFixed(0)}/s (${(seen.goodput / capacity.perSecond).toFixed(2)} of capacity), p99 of those ${seen.p99.toFixed(0)} ms; by status ${JSON.stringify(seen.byStatus)}; a second later ${after.perSecond.toFixed(0)}/s. The client took ${seen.clientShare.toFixed(2)} cores. The bare server, offered the same: ${limit.goodput.toFixed(0)}/s, p99 ${limit.p99.toFixed(0)} ms.\n`,
  );
  say('## One row: 64 and 1,024 in flight\n');
  const flights = await inTurns(
    [16, 256].map((streams) => ({
      name: `${streams * 4} in flight`,
      ...grpc(one.grpcAddress, tensorRequest(1), { authorization: one.authorization }),
      streams,
      pids: () => pidsOf(one),
      house: one,
    })),
  );
  table(flights, flights[0]);
}

async function batches(sampled) {
  say('## 1,024 rows a request, raw tensors, 1 % of the predictions logged\n');
  const inProcess = inProcessRowsPerSecond();
  const [seen] = await inTurns([
    {
      name: 'Steward',
      ...grpc(sampled.grpcAddress, tensorRequest(1024), { authorization: sampled.authorization }),
      connections: 1,
      streams: 2,
      pids: () => pidsOf(sampled),
    },
  ]);
  const perSecond = seen.perSecond * 1024;
  say(
    `In process ${(inProcess / 1e3).toFixed(0)}k rows/s; served ${(perSecond / 1e3).toFixed(0)}k rows/s, ${(perSecond / inProcess).toFixed(2)} of it.\n`,
  );
}

/** Swaps of a run: one is at the mercy of what the machine does in that moment. */
const SWAPS = 5;

async function hotSwap(one) {
  say('## Model load and hot swap\n');
  const load = (seconds) =>
    paced({
      url: `http://${one.grpcAddress}`,
      path: PATH,
      headers: { ...GRPC, authorization: one.authorization },
      body: framed(tensorRequest(1)),
      rate: 300,
      seconds,
      connections: 4,
    });
  const version = async () =>
    (
      await (
        await fetch(`${one.url}/v2/models/lending.trees`, { headers: { authorization: one.authorization } })
      ).json()
    ).versions?.[0];
  const times = [];
  const ratios = [];
  for (let swap = 0; swap < SWAPS; swap++) {
    const next = model(2 + swap, 7 + swap);
    const before = await load(SECONDS);
    const during = load(SECONDS);
    await sleep(1);
    await one.artifacts.put(next.onnx);
    const asked = Date.now();
    await one.champion(next.descriptor);
    while ((await version()) !== String(2 + swap)) await sleep(0.01);
    times.push(Date.now() - asked);
    const seen = await during;
    ratios.push(seen.p99 / before.p99);
    say(
      `${times.at(-1)} ms from the alias event's publication to the new version's answers; at 300 requests/s p99 ${before.p99.toFixed(1)} ms before, ${seen.p99.toFixed(1)} ms during the swap (${ratios.at(-1).toFixed(2)} ×); by status ${JSON.stringify(seen.byStatus)}.`,
    );
  }
  say(
    `\nMedians of ${SWAPS} swaps: ${median(times)} ms, p99 ${median(ratios).toFixed(2)} × of before; worst ${Math.max(...times)} ms and ${Math.max(...ratios).toFixed(2)} ×.\n`,
  );
}

const withSteward = (measure, environment) => async (bare) => {
  const one = await startSteward(environment);
  await measure(one, bare);
  await one.close();
};
const twoWorkers = async (bare, one) => {
  const two = await startSteward({ STEWARD_INFERENCE_WORKERS: '2' });
  await workers(bare, one, two);
  await two.close();
};
const SAMPLED = { log: { mode: 'sampled', rate: 0.01 } };
/** The parts that can be measured alone. */
const PARTS = {
  rest: withSteward((one) => rest(one)),
  overload: withSteward((one, bare) => overload(bare, one)),
  workers: withSteward((one, bare) => twoWorkers(bare, one)),
  batches: withSteward(batches, SAMPLED),
  swap: withSteward((one) => hotSwap(one)),
};

async function main() {
  const only = process.argv.indexOf('--only');
  const part = only === -1 ? null : PARTS[process.argv[only + 1]];
  if (part === undefined) throw new Error(`--only is followed by one of: ${Object.keys(PARTS).join(', ')}.`);
  const stopDatabase = await startDatabase();
  const bare = await startBare(1);
  if (part !== null) {
    await part(bare);
    bare.stop();
    await stopDatabase();
    process.exit(0);
  }
  const { servers, missing } = process.argv.includes('--no-rivals')
    ? { servers: [], missing: ['MLServer', 'KServe'] }
    : await startRivals(model(1).onnx);
  const one = await startSteward();
  say('# Serving\n');
  say(
    `Made by \`node tools/benchmarks/serving/run.cjs\`: 100 trees of depth 6, 20 features; API key, metrics and \`buffered\` prediction log on, PostgreSQL with fsync on the same ${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.version}. Medians of ${ROUNDS} rounds of ${SECONDS} s, servers in turn. Load average at the start ${loadavg()[0].toFixed(1)}: read ratios, and CPU time a request, not absolute rates.\n`,
  );
  if (missing.length > 0) say(`Not measured here: ${missing.join(', ')}.\n`);
  const [limit, steward] = await oneRow(bare, one, servers);
  for (const server of servers) server.stop();
  await twoWorkers(bare, one);
  await rest(one, limit);
  await halfLoad(bare, one, steward.perSecond);
  await overload(bare, one);
  await hotSwap(one);
  await one.close();
  await PARTS.batches(bare);
  bare.stop();
  await stopDatabase();
  if (process.argv.includes('--write')) writeFileSync(join(__dirname, 'results.md'), lines.join('\n'));
  process.exit(0);
}

void main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
