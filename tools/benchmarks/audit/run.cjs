/**
 * Speed of the audit log: appending in batches to a PostgreSQL that syncs, and verifying an export offline, one core each.
 * `node tools/benchmarks/audit/run.cjs [--entries 1000000]`.
 * Takes about two minutes, needs nothing but the repository, and writes docs/benchmarks/audit.md.
 */
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { cpus, tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { loadSource } = require('../../run/load-source.cjs');

const { values: options } = parseArgs({ options: { entries: { type: 'string', default: '1000000' } } });
const VERIFIED = Number(options.entries);
const APPENDED = 100_000;

const log = loadSource('libs/audit-log/src/index.ts');
const { EmbeddedPostgres } = loadSource('libs/database/src/embedded/embedded-postgres.ts');
const { PgDatabase } = loadSource('libs/database/src/index.ts');
const { createTestDatabase } = loadSource('libs/testing/src/index.ts');
const { newId } = loadSource('libs/kernel/src/index.ts');
const { PgAuditLogRepository } = loadSource('apps/governance/src/audit/pg-audit-log.repository.ts');
const { AppendEntries } = loadSource('apps/governance/src/audit/append-entries.ts');

/** An entry such as training writes when an alias moves. */
const entryOf = (n) => ({
  entryId: newId(),
  service: 'training',
  project: `project-${n % 7}`,
  time: new Date(1_760_000_000_000 + n).toISOString(),
  actor: { id: newId(), kind: 'person' },
  action: 'alias.move',
  object: { kind: 'model-alias', id: 'approval/champion' },
  outcome: 'done',
  correlation: newId(),
  noteDigest: null,
  details: {
    from: n,
    to: n + 1,
    digest: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  },
});

const seconds = async (work) => {
  const started = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: Number(process.hrtime.bigint() - started) / 1e9, cpu: (user + system) / 1e6 };
};

/** Appends to a fresh database, in transactions of `batch` entries. */
async function append(batch) {
  const home = await createTestDatabase({ services: ['governance'] });
  const database = new PgDatabase({ url: home.urlOf('governance'), applicationName: 'benchmark' });
  try {
    const quiet = { appended() {}, repeated() {}, appending: (work) => work() };
    const repository = new PgAuditLogRepository(database);
    const entries = new AppendEntries(repository, { require() {} }, { wake() {} }, quiet);
    const given = Array.from({ length: APPENDED }, (_, n) => entryOf(n));
    const took = await seconds(async () => {
      for (let from = 0; from < APPENDED; from += batch)
        await database.transaction(async (unit) => {
          for (const entry of given.slice(from, from + batch)) entries.append(unit, entry);
        });
    });
    if ((await repository.tree()).size !== APPENDED) throw new Error('Not every entry was appended.');
    return took;
  } finally {
    await database.close();
    await home.dispose();
  }
}

/** Runs `work` beside a PostgreSQL that syncs, as in production. */
async function withPostgres(work) {
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-bench-'));
  const postgres = await EmbeddedPostgres.start({ dataDir, fsync: true });
  try {
    process.env.STEWARD_TEST_POSTGRES_URL = postgres.ownerUrl;
    return await work();
  } finally {
    await postgres.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The export of a log, a signed head after each 1,000 entries, in pieces of about 64 KiB as a file gives them. */
function bundle(key) {
  const tree = new log.CompactRange();
  const parts = [log.headerLine(key.verifier)];
  const time = '2026-01-01T00:00:00.000Z';
  for (let n = 0; n < VERIFIED; n++) {
    const content = log.canonicalJson(entryOf(n));
    const leaf = log.hashLeaf(content);
    parts.push(log.entryLine({ content, index: n, leaf }));
    tree.append(leaf);
    if (tree.size % 1_000 === 0 || tree.size === VERIFIED)
      parts.push(log.checkpointLine(log.signCheckpoint({ size: tree.size, root: tree.root(), time }, key)));
  }
  const pieces = [];
  for (let from = 0; from < parts.length; from += 100)
    pieces.push(Buffer.from(parts.slice(from, from + 100).join('')));
  return pieces;
}

async function main() {
  const rows = [];
  await withPostgres(async () => {
    for (const batch of [100, 1_000, 5_000]) {
      const { wall } = await append(batch);
      rows.push([
        `Appending ${APPENDED.toLocaleString('en')} entries, ${batch.toLocaleString('en')} a transaction`,
        `${wall.toFixed(1)} s, ${Math.round(APPENDED / wall).toLocaleString('en')} a second`,
        batch >= 1_000 ? '10,000 a second' : '',
      ]);
    }
  });
  const key = log.LogKey.generate('steward/audit');
  const pieces = bundle(key);
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let report;
  const { wall, cpu } = await seconds(async () => {
    report = await log.verifyBundle(pieces, key.verifier);
  });
  if (!report.valid || report.entries !== VERIFIED) throw new Error('The log that was made is not valid.');
  rows.push([
    `Verifying ${VERIFIED.toLocaleString('en')} entries offline (${Math.round(bytes / 2 ** 20)} MiB)`,
    `${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of processor time`,
    VERIFIED === 1_000_000 ? '10 s' : '',
  ]);
  const table = [
    '# The audit log: speed',
    '',
    `Made by \`node tools/benchmarks/audit/run.cjs\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} cores; Node.js ${process.version}.`,
    '',
    'Appending goes through governance’s own use case and repository into the embedded PostgreSQL with fsync on, one writer:',
    'canonical JSON, leaf hash, tree nodes, the look for entries that came before, one transaction a batch. Verifying reads the',
    'export in memory: each entry is hashed, the tree is built anew, each of the signed heads (one in 1,000 entries) is checked.',
    '',
    '| what | measured | wanted |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n');
  writeFileSync(join(__dirname, '..', '..', '..', 'docs', 'benchmarks', 'audit.md'), table);
  process.stdout.write(table);
}

void main();
