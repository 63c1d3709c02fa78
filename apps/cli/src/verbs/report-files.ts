import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { verifyReportFile, type ReportProof } from '@steward/audit-log';
import { errors } from '@steward/kernel';
import { Option, type Command } from 'commander';
import type { Page, ReportAnswer } from '@steward/client/answers';
import { readKey } from '../audit-bundle';
import { usage } from '../cli-error';
import { bytes, time } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type OpenSession } from '../verb';

const KINDS = [
  'model-card',
  'technical-documentation',
  'monitoring',
  'dataset',
  'change-history',
  'data-protection',
  'access-review',
] as const;
const FORMATS = ['html', 'pdf', 'json', 'csv'] as const;
const ROUTE = '/governance/v1/reports';
/** Governance signs batches after 200 ms; a minute is far more than it ever needs. */
const PROOF_TRIES = 120;
const PROOF_PAUSE_MS = 500;

interface IssueOptions extends CommonOptions {
  readonly model?: string;
  readonly dataset?: string;
  readonly installation?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly output: string;
}

interface VerifyOptions extends CommonOptions {
  readonly publicKey?: string;
  readonly proof?: string;
  readonly witness?: string;
}

/** The reports that governance issues: `steward report issue|list|get|verify`. */
export function registerReportFiles(report: Command, open: OpenSession): void {
  common(report.command('issue'))
    .description(
      'have a report made from evidence, and save its files (HTML, PDF, JSON, CSV) with their proof',
    )
    .addOption(new Option('-k, --kind <kind>', 'which report').choices(KINDS).makeOptionMandatory())
    .option('-m, --model <model>', 'about this model')
    .option('-d, --dataset <dataset>', 'about this data set')
    .option('--installation', 'about the whole installation, not one project')
    .option('--from <time>', 'ISO 8601; default: the beginning')
    .option('--to <time>', 'ISO 8601; default: now')
    .option('-o, --output <folder>', 'folder that exists', '.')
    .action(async (options: IssueOptions & { kind: string }) => issue(open(options), options));
  common(report.command('list'))
    .description('reports that were issued, newest first')
    .option('--limit <reports>', 'at most so many', positive, 50)
    .action(async (options: CommonOptions & { limit: number }) => list(open(options), options.limit));
  common(report.command('get'))
    .description('save the files of a report that was issued, with their proof')
    .argument('<report>', 'its id')
    .option('-o, --output <folder>', 'folder that exists', '.')
    .action(async (id: string, options: CommonOptions & { output: string }) => {
      const session = open(options);
      await save(
        session,
        await session.client.get<ReportAnswer>(`${ROUTE}/${encodeURIComponent(id)}`),
        options.output,
      );
    });
  common(report.command('verify'))
    .description('verify a file of a report offline. Exit status 1 if it was changed')
    .argument('<file>', 'html, pdf, json or csv file')
    .requiredOption(
      '--public-key <key>',
      'verifier key of the audit log (steward audit key), or a file that holds it',
    )
    .option('--proof <file>', 'its proof; default: the .proof.json file of the report beside it')
    .option('--witness <key>', 'verifier key of a witness that must have cosigned, or a file that holds it')
    .action((file: string, options: VerifyOptions & { publicKey: string }) =>
      verify(open(options), file, options),
    );
}

async function issue(session: Session, options: IssueOptions & { kind: string }): Promise<void> {
  const { kind, model = null, dataset = null, from, to } = options;
  const order = { kind, project: options.installation ? null : session.project, model, dataset, from, to };
  const answer = await session
    .progress(`making the report ${kind}`)
    .during(() => session.client.post<ReportAnswer>(ROUTE, order));
  await save(session, answer, options.output);
}

async function save(session: Session, report: ReportAnswer, folder: string): Promise<void> {
  const { client } = session;
  const route = `${ROUTE}/${encodeURIComponent(report.id)}`;
  const files: string[] = [];
  await session.progress('saving its files').during(async (progress) => {
    for (const format of FORMATS) {
      progress.update(format);
      const file = join(folder, `steward-report-${report.id}.${format}`);
      write(file, await client.bytes(`${route}/files/${format}`));
      files.push(file);
    }
    progress.update('proof');
    write(
      join(folder, proofName(report.id)),
      Buffer.from(`${JSON.stringify(await proofOf(session, route))}\n`),
    );
  });
  session.show({ ...report, saved: files }, () =>
    [
      `${report.title}, issued ${time(report.issuedAt)} UTC:`,
      ...files.map((file) => `  ${file}`),
      ...(report.missing > 0
        ? [`${report.missing} things are missing; the report says which, and who owes them.`]
        : []),
      `Verify any of them, anywhere: steward report verify ${files[0]} --public-key KEY   (steward audit key gives the key)`,
    ].join('\n'),
  );
}

/** The log takes the entry a moment after the report was issued. */
async function proofOf(session: Session, route: string): Promise<ReportProof> {
  for (let attempt = 1; ; attempt++) {
    const proof = await session.client.get<ReportProof>(`${route}/proof`);
    if (proof.entry !== null || attempt === PROOF_TRIES) return proof;
    await new Promise((resolve) => setTimeout(resolve, PROOF_PAUSE_MS));
  }
}

async function list(session: Session, limit: number): Promise<void> {
  const project = session.chosenProject ?? undefined;
  const page = await session.client.get<Page<ReportAnswer>>(ROUTE, { project, limit: Math.min(limit, 200) });
  session.show(page, () =>
    table(
      ['report', 'issued (UTC)', 'by', 'what', 'about', 'missing', 'size'],
      page.items.map((report) => [
        report.id,
        time(report.issuedAt),
        report.issuedBy,
        report.kind,
        report.model ?? report.dataset ?? report.project ?? 'the installation',
        report.missing,
        bytes(report.files['pdf']?.size ?? 0),
      ]),
      'No reports.',
    ),
  );
}

function verify(session: Session, file: string, options: VerifyOptions & { publicKey: string }): void {
  const proofFile = options.proof ?? file.replace(/\.(html|pdf|json|csv)$/, '.proof.json');
  if (proofFile === file)
    throw usage('Which proof? Give it with --proof FILE; it was saved beside the report.');
  const verdict = verifyReportFile(
    contentOf(file),
    parseProof(proofFile),
    readKey(options.publicKey),
    options.witness === undefined ? undefined : readKey(options.witness, 'witness'),
  );
  if (!verdict.valid) session.fail();
  session.show(verdict, () =>
    verdict.valid
      ? `VALID: ${basename(file)} is as it was issued, by entry ${verdict.entry?.index} of the audit log.`
      : [`NOT VALID: ${basename(file)} is not proved.`, ...verdict.faults.map((fault) => `  ${fault}`)].join(
          '\n',
        ),
  );
}

function parseProof(file: string): ReportProof {
  const proof = JSON.parse(readDefinition(file)) as Partial<ReportProof> | null;
  if (typeof proof?.manifest?.document?.files !== 'object' || proof.manifest.document.files === null)
    throw errors.invalid('CLI.BAD_PROOF', `${file} is no proof of a report.`);
  return proof as ReportProof;
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw errors.invalid('CLI.FILE_UNREADABLE', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function write(file: string, content: Buffer): void {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    throw errors.invalid('CLI.FILE_UNWRITABLE', `${file} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}

const proofName = (id: string): string => `steward-report-${id}.proof.json`;
