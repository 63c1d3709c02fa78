import { csvText, PdfDocument, zipFiles } from '@steward/documents';
import {
  CONTRIBUTIONS,
  DECISIONS,
  MODELS,
  rowObjects,
  UNEXPLAINED,
  type HeldData,
  type HeldTable,
} from '@steward/subjects';
import type { SubjectRequest } from './subject-request';

/** Decisions that the readable report explains one by one; all stand in the data files. */
const EXPLAINED = 200;
/** Facts of a decision that the readable report names, those that counted most. */
const MOST_FACTS = 5;
/** Rows of a table that the readable report shows. */
const SHOWN = 25;

type Row = Record<string, string | number | boolean | null>;

/** What the archive of a request holds. */
export interface ArchiveContent {
  readonly request: SubjectRequest;
  readonly parts: readonly HeldData[];
  readonly madeAt: string;
}

/**
 * The archive of an access or portability request: each table as JSON and CSV, what its columns mean, and, for access, a
 * readable report. Portability (GDPR 20) covers what the subject provided and what was observed of it, not what was
 * derived.
 */
export async function archiveFiles(content: ArchiveContent): Promise<Buffer> {
  const { request, madeAt } = content;
  const portable = request.kind === 'portability';
  const parts = content.parts.map((part) => ({
    ...part,
    tables: part.tables.filter(({ origin }) => !portable || origin !== 'derived'),
  }));
  const files = new Map<string, Uint8Array>();
  files.set('about.json', json(about({ ...content, parts })));
  for (const { service, tables } of parts) {
    for (const table of tables) {
      const name = `data/${service}-${table.name}`;
      files.set(`${name}.json`, json({ ...tableAbout(table), rows: rowObjects(table) }));
      files.set(
        `${name}.csv`,
        Buffer.from(
          csvText(
            table.columns.map((column) => column.name),
            table.rows,
          ),
        ),
      );
    }
  }
  if (!portable) files.set('report.pdf', await readableReport({ ...content, parts }));
  return zipFiles(files, new Date(madeAt));
}

/** How a decision came about, from what was actually applied. */
export function explainDecision(decision: Row, models: readonly Row[]): string {
  const model = modelOf(decision, models);
  const when =
    decision['decidedAt'] === null ? 'At a time that was not kept' : `On ${text(decision['decidedAt'])}`;
  if (decision['model'] === null)
    return `${when} a decision was made of which only the result is kept: ${text(decision['decision'])}.`;
  const asked = `${when} the model "${text(decision['model'])}", version ${text(decision['modelVersion'])}, was asked`;
  const score =
    decision['score'] === null ? '' : ` It computed a probability of ${percent(decision['score'])}`;
  const outcome = decision['outcome'] === null ? '' : ` What really happened: ${text(decision['outcome'])}.`;
  if (!model)
    return `${asked}.${score && `${score}.`} The decision was "${text(decision['decision'])}".${outcome}`;
  const rule =
    ` for "${text(model['positive'])}". From ${percent(model['decisionThreshold'])} on the decision is ` +
    `"${text(model['positive'])}", below it is "${text(model['negative'])}"; good for you is "${text(model['favourable'])}".`;
  return (
    `${asked}. It looked at ${text(model['inputs'])}, and at nothing else; it had learnt from past cases by ` +
    `${text(model['learner'])} (data "${text(model['dataset'])}", version ${text(model['datasetVersion'])}).` +
    `${score && score + rule} The decision was "${text(decision['decision'])}".${outcome}`
  );
}

/** Which facts moved the score most, and whereto; or why that cannot be said. Empty where nobody was asked. */
export function whatCounted(
  decision: Row,
  models: readonly Row[],
  contributions: readonly Row[],
  unexplained: readonly Row[],
): string {
  const why = unexplained.find(({ prediction }) => prediction === decision['prediction']);
  if (why) return `What counted cannot be said: ${lowerFirst(text(why['why']))}`;
  const facts = contributions
    .filter(({ prediction, contribution }) => prediction === decision['prediction'] && contribution !== 0)
    .toSorted((a, b) => Math.abs(Number(b['contribution'])) - Math.abs(Number(a['contribution'])));
  if (facts.length === 0) return '';
  const model = modelOf(decision, models);
  const towards = (contribution: number): string =>
    model
      ? `"${text(model[contribution > 0 ? 'positive' : 'negative'])}"`
      : contribution > 0
        ? 'a higher score'
        : 'a lower score';
  const units = facts[0]!['units'] === 'probability' ? 'points of probability' : 'log-odds';
  const told = facts.slice(0, MOST_FACTS).map(({ input, value, contribution }) => {
    const by = Number(contribution);
    return `${text(input)} (${text(typeof value === 'number' ? short(value) : value)}) by ${Math.abs(by).toFixed(3)} towards ${towards(by)}`;
  });
  return `What counted most, in ${units}: ${told.join('; ')}.`;
}

const modelOf = (decision: Row, models: readonly Row[]): Row | undefined =>
  models.find(({ model, version }) => model === decision['model'] && version === decision['modelVersion']);

function about({ request, parts, madeAt }: ArchiveContent): object {
  return {
    format: 'steward-subject-archive/1',
    request: request.id,
    kind: request.kind,
    project: request.project,
    pseudonym: request.pseudonym,
    receivedAt: request.receivedAt,
    madeAt,
    tables: parts.flatMap(({ service, tables }) =>
      tables.map((table) => ({
        service,
        files: [`data/${service}-${table.name}.json`, `data/${service}-${table.name}.csv`],
        rows: table.rows.length,
        ...tableAbout(table),
      })),
    ),
  };
}

const tableAbout = ({ name, description, origin, columns }: HeldTable) => ({
  name,
  description,
  origin,
  columns,
});

async function readableReport({ request, parts, madeAt }: ArchiveContent): Promise<Buffer> {
  const pdf = new PdfDocument({
    title: 'Your personal data',
    subject: `Answer to request ${request.id}`,
    createdAt: new Date(madeAt),
  });
  const decisions = find(parts, DECISIONS);
  const models = find(parts, MODELS);
  const contributions = find(parts, CONTRIBUTIONS);
  const unexplained = find(parts, UNEXPLAINED);
  pdf
    .heading(1, 'Your personal data')
    .paragraph(
      'This is everything that is held on you in this system, and how decisions about you were made. The same data stand ' +
        'beside this report as JSON and CSV files.',
    )
    .facts([
      ['Request', request.id],
      ['Received', request.receivedAt],
      ['Answered', madeAt],
      ['Project', request.project],
      ['You are known here as', request.pseudonym],
    ])
    .heading(2, 'Decisions about you')
    .paragraph(
      decisions.length === 0
        ? 'No automated decision about you is kept.'
        : decisions.length === 1
          ? 'One automated decision is kept. It came about like this:'
          : `${decisions.length} automated decisions are kept. Each came about like this:`,
    );
  if (decisions.length > 0)
    pdf.list(
      decisions
        .slice(0, EXPLAINED)
        .map((each) =>
          [explainDecision(each, models), whatCounted(each, models, contributions, unexplained)]
            .filter(Boolean)
            .join(' '),
        ),
    );
  for (const { why } of unexplained.filter(({ prediction }) => prediction === null))
    pdf.paragraph(text(why), 'quiet');
  pdf.paragraph(
    'You may ask that a person looks at a decision, give your view of it, and contest it (GDPR 22). You may have wrong ' +
      'data corrected (16), have data erased (17), have their use restricted (18), object to it (21), and complain to a ' +
      'supervisory authority (77).',
  );
  for (const { service, tables } of parts) {
    for (const table of tables) section(pdf, service, table);
  }
  return pdf.finish();
}

function section(pdf: PdfDocument, service: string, table: HeldTable): void {
  if (IN_TEXT.has(table.name)) return;
  pdf.heading(2, table.description.replace(/\.$/, ''));
  pdf.paragraph(`Kept by ${service}: ${table.rows.length} entries.`, 'quiet');
  for (const row of rowObjects(table).slice(0, SHOWN)) {
    pdf.facts(
      table.columns.map(({ name, description }) => [description || name, text(row[name] ?? null)] as const),
    );
  }
  if (table.rows.length > SHOWN)
    pdf.paragraph(`${table.rows.length - SHOWN} more stand in data/${service}-${table.name}.csv.`, 'quiet');
}

const find = (parts: readonly HeldData[], name: string): Row[] =>
  parts.flatMap(({ tables }) => tables.filter((table) => table.name === name).flatMap(rowObjects));

/** Tables that the readable report has told in its sentences. */
const IN_TEXT = new Set<string>([MODELS, CONTRIBUTIONS, UNEXPLAINED]);

const lowerFirst = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);
const json = (value: object): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
const text = (value: Row[string] | undefined): string =>
  value === null || value === undefined || value === '' ? 'not given' : String(value);
/** Six digits are enough to recognise a value; the data files hold it whole. */
const short = (value: number): number => Number(value.toPrecision(6));
const percent = (value: Row[string] | undefined): string => `${(Number(value) * 100).toFixed(1)} %`;
