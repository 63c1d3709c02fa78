import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { VerifierKey, VerifyReport } from '@steward/audit-log';
import type { Command } from 'commander';
import type { AuditEntryAnswer, HeadAnswer, Page, PublicKeyAnswer } from '@steward/client/answers';
import { parseSeenHead, readKey, verifyEither } from '../audit-bundle';
import { usage } from '../cli-error';
import { bytes, count, short, time } from '../format';
import { counted, openFile } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { registerAuditWitness } from './audit-witness';
import { common, positive, whole, type OpenSession, type Verb } from '../verb';

interface FilterOptions extends CommonOptions {
  readonly action?: string;
  readonly actor?: string;
  readonly object?: string;
  readonly correlation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly allProjects?: boolean;
}

interface ListOptions extends FilterOptions {
  readonly after?: number;
  readonly limit: number;
}

interface VerifyOptions extends CommonOptions {
  readonly publicKey?: string;
  readonly seen?: string;
  readonly witness?: string;
}

/** What both audiences of a verification know beside the log. */
interface Known {
  readonly seenHead?: { readonly size: number; readonly root: string };
  readonly witness?: VerifierKey;
}

export const registerAudit: Verb = (program, open) => {
  const audit = program.command('audit').description('the audit log: list, verify, export');
  registerList(audit, open);
  common(audit.command('verify'))
    .description('verify the log; a file offline, else a fresh export. Exit status 1 if it was tampered with')
    .argument('[file]', 'whole log or excerpt that `steward audit export` wrote')
    .option('--public-key <key>', 'verifier key, or a file that holds it; needed for a file')
    .option('--seen <size:root>', 'a head that was verified before: the log must continue it')
    .option(
      '--witness <key>',
      'verifier key of a witness that must have cosigned it, or a file that holds it',
    )
    .action(async (file: string | undefined, options: VerifyOptions) => verify(open(options), file, options));
  filtered(common(audit.command('export')))
    .description(
      'write the whole log into a file that anybody can verify offline; with a filter (or --all-projects) an excerpt of ' +
        'entries that you may read, each with its proof',
    )
    .argument('<file>')
    .action(async (file: string, options: FilterOptions) => exportTo(open(options), file, options));
  common(audit.command('key'))
    .description('the key with which the log is verified: keep it apart from the log')
    .action(async (options: CommonOptions) => {
      const session = open(options);
      const answer = await session.anonymous.get<PublicKeyAnswer>('/governance/v1/audit/public-key');
      session.show(answer, () => answer.publicKey);
    });
  registerAuditWitness(audit, open);
};

/** The options that choose entries. */
function filtered(command: Command): Command {
  return command
    .option('--all-projects', 'of every project that you may read')
    .option('--action <action>', 'for example alias.move')
    .option('--actor <id>', 'principal id')
    .option('--object <id>', 'for example the name of a model, or a run id')
    .option('--correlation <id>', 'one chain of causes')
    .option('--from <time>', 'ISO 8601, for example 2026-11-23T00:00:00Z')
    .option('--to <time>', 'ISO 8601');
}

function queryOf(session: Session, options: FilterOptions) {
  const { action, actor, object, correlation, from, to } = options;
  const project = options.allProjects ? undefined : (session.chosenProject ?? undefined);
  return { project, action, actor, object, correlation, from, to };
}

function registerList(audit: Command, open: OpenSession): void {
  filtered(common(audit.command('list')))
    .description('entries in their order; of the project, unless --all-projects')
    .option('--after <index>', 'entries after this one', whole)
    .option('--limit <entries>', 'at most so many', positive, 100)
    .action(async (options: ListOptions) => list(open(options), options));
}

async function list(session: Session, options: ListOptions): Promise<void> {
  const { after, limit } = options;
  const query = { ...queryOf(session, options), after, limit: Math.min(limit, 1_000) };
  const page = await session.client.get<Page<AuditEntryAnswer>>('/governance/v1/audit/entries', query);
  session.show(page, () =>
    [
      table(
        ['entry', 'time (UTC)', 'service', 'who', 'action', 'object', 'outcome', 'correlation'],
        page.items.map((entry) => [
          entry.index,
          time(entry.time),
          entry.service,
          entry.actor.id,
          entry.action,
          `${entry.object.kind} ${entry.object.id}`,
          entry.outcome,
          entry.correlation,
        ]),
        'No entries.',
      ),
      ...(page.next === null ? [] : [`There are more: --after ${page.next}`]),
    ].join('\n'),
  );
}

async function exportTo(session: Session, file: string, options: FilterOptions): Promise<void> {
  const { client } = session;
  const { allProjects, action, actor, object, correlation, from, to } = options;
  const chosen =
    allProjects === true ||
    [options.project, action, actor, object, correlation, from, to].some((given) => given !== undefined);
  const path = chosen ? '/governance/v1/audit/excerpt' : '/governance/v1/audit/export';
  const content = client.stream(path, chosen ? queryOf(session, options) : {});
  await session
    .progress(`writing ${file}`)
    .during((progress) =>
      pipeline(
        Readable.from(counted(content, (total) => progress.update(`${bytes(total)} written`))),
        createWriteStream(file),
      ),
    );
  session.show(
    { file, excerpt: chosen },
    () => `Written to ${file}. Verify it anywhere: steward audit verify ${file} --public-key KEY`,
  );
}

async function verify(session: Session, file: string | undefined, options: VerifyOptions): Promise<void> {
  const { seen, witness } = options;
  const known: Known = {
    ...(seen === undefined ? {} : { seenHead: parseSeenHead(seen) }),
    ...(witness === undefined ? {} : { witness: readKey(witness, 'witness') }),
  };
  const report =
    file === undefined
      ? await verifyLive(session, options.publicKey, known)
      : await verifyFile(session, file, options.publicKey, known);
  if (!report.valid) session.fail();
  session.show(report, () => describeReport(report));
}

/** Nothing is asked of any service. */
async function verifyFile(
  session: Session,
  file: string,
  publicKey: string | undefined,
  known: Known,
): Promise<VerifyReport> {
  if (publicKey === undefined)
    throw usage(
      'A file is verified against a key from elsewhere: --public-key KEY. The key in the file itself proves nothing; ' +
        'ask governance for it (steward audit key) and keep it.',
    );
  const key = readKey(publicKey);
  const { size, bytes: content } = openFile(file);
  return watched(session, content, key, known, size);
}

/** The log as governance exports it now; it must continue the head that governance has just told. */
async function verifyLive(
  session: Session,
  publicKey: string | undefined,
  known: Known,
): Promise<VerifyReport> {
  const { client } = session;
  const key = readKey(
    publicKey ?? (await client.get<PublicKeyAnswer>('/governance/v1/audit/public-key')).publicKey,
  );
  const told = (await client.get<HeadAnswer | null>('/governance/v1/audit/head')) ?? undefined;
  const seenHead = known.seenHead ?? told;
  const content = client.stream('/governance/v1/audit/export');
  return watched(session, content, key, { ...known, ...(seenHead ? { seenHead } : {}) }, null);
}

function watched(
  session: Session,
  content: AsyncIterable<Uint8Array>,
  key: VerifierKey,
  known: Known,
  size: number | null,
): Promise<VerifyReport> {
  return session.progress('verifying').during((progress) => {
    let read = 0;
    const passing = counted(content, (total) => (read = total));
    return verifyEither(passing, key, {
      ...known,
      onProgress: (entries) =>
        progress.update(
          `${count(entries)} entries, ${bytes(read)}`,
          size === null ? null : read / Math.max(1, size),
        ),
    });
  });
}

/** What a verification found, for people. */
export function describeReport({
  valid,
  entries,
  checkpoints,
  head,
  witnessed,
  faults,
  moreFaults,
}: VerifyReport): string {
  const lines = valid
    ? [
        `VALID: ${count(entries)} entries under ${count(checkpoints)} signed heads. Nothing was changed, removed, inserted or swapped.`,
      ]
    : [`NOT VALID: the log is not what was signed. ${count(entries)} entries were read.`];
  lines.push(...faults.map(({ kind, message }) => `  ${kind}: ${message}`));
  if (moreFaults > 0) lines.push(`  and ${count(moreFaults)} more faults`);
  if (witnessed)
    lines.push(
      `The witness has seen the same ${count(witnessed.size)} entries (${time(witnessed.time)} UTC).`,
    );
  if (head)
    lines.push(
      `Newest proved head: ${count(head.size)} entries, root ${short(head.root)}, ${time(head.time)} UTC.`,
      `Keep it, and give it next time: --seen ${head.size}:${head.root}`,
    );
  return lines.join('\n');
}
