/**
 * A client that asks at even intervals, whatever the answers do, and measures each from the moment at which it should
 * have been sent (no coordinated omission): `node paced-client.cjs` is told over IPC what to do and says what it saw.
 */
const { performance } = require('node:perf_hooks');
const { Wire } = require('./wire.cjs');

const percentile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;

async function run({ url, path, headers, body, rate, seconds, connections }) {
  const { hostname, port, host } = new URL(url);
  const call = {
    host: hostname,
    port: Number(port),
    headers: { ':method': 'POST', ':scheme': 'http', ':path': path, ':authority': host, ...headers },
    message: Buffer.from(body, 'base64'),
  };
  const wires = Array.from({ length: connections }, () => new Wire(call));
  const interval = 1000 / rate;
  const total = Math.round(rate * seconds);
  const answered = [];
  const byStatus = {};
  let open = 0;
  const ask = (index, intended) => {
    open++;
    wires[index % connections].call((status) => {
      open--;
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (status === '0') answered.push(performance.now() - intended);
    });
  };
  const cpu = process.cpuUsage();
  const start = performance.now() + 50;
  let sent = 0;
  await new Promise((resolve) => {
    const tick = () => {
      const due = Math.min(total, Math.floor((performance.now() - start) / interval));
      for (; sent < due; sent++) ask(sent, start + sent * interval);
      if (sent >= total) resolve();
      // A millisecond's grain, the same for every server, leaves the core to the server and is part of each figure.
      else setTimeout(tick, 1);
    };
    tick();
  });
  const until = performance.now() + 5_000;
  while (open > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
  const took = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  for (const wire of wires) wire.close();
  answered.sort((a, b) => a - b);
  return {
    offered: rate,
    goodput: answered.length / seconds,
    p50: percentile(answered, 0.5),
    p99: percentile(answered, 0.99),
    clientShare: (used.user + used.system) / 1e6 / took,
    byStatus,
  };
}

process.once(
  'message',
  (task) => void run(task).then((result) => process.send(result, () => process.exit(0))),
);
