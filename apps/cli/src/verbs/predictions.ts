import type { Page, PredictionAnswer } from '@steward/client/answers';
import { figure, time } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly model?: string;
  readonly modelVersion?: number;
  readonly from?: string;
  readonly until?: string;
  readonly after?: string;
  readonly inputs?: boolean;
  readonly limit: number;
}

/** Most rows that ingestion gives at once. */
const PAGE = 100;

export const registerPredictions: Verb = (program, open) => {
  common(program.command('predictions'))
    .description('predictions of a dataset, newest first, without what your roles keep from you; audited')
    .argument('<dataset>')
    .option('--model <model>', 'of this model')
    .option('--model-version <number>', 'of this version of it', positive)
    .option('--from <time>', 'from this moment on (ISO 8601)')
    .option('--until <time>', 'before this moment')
    .option('--inputs', 'show the values too')
    .option('--after <place>', 'go on where an earlier list ended (its `next`)')
    .option('--limit <rows>', 'at most so many', positive, PAGE)
    .action(async (dataset: string, options: Options) => list(open(options), dataset, options));
};

async function list(session: Session, dataset: string, options: Options): Promise<void> {
  const page = await pages(session, dataset, options);
  session.show(page, () => {
    const columns = options.inputs ? columnsOf(page.items) : [];
    const text = table(
      ['prediction', 'time (UTC)', 'model', 'score', 'decided', 'outcome', 'subject', ...columns],
      page.items.map((row) => [
        `${row.prediction}/${row.row}`,
        time(row.predictedAt),
        `${row.model} v${row.version}`,
        figure(row.score),
        row.decided,
        row.outcome,
        row.subject,
        ...valuesOf(row, columns),
      ]),
      page.next === null ? 'No predictions that you may see.' : 'None so far that you may see.',
    );
    const withheld = [...new Set(page.items.flatMap((row) => row.withheld))];
    return [
      text,
      ...(withheld.length > 0 ? [`Withheld: ${withheld.join(', ')}.`] : []),
      ...(page.next === null ? [] : [`More: --after ${page.next}`]),
    ].join('\n\n');
  });
}

/** Page by page until there are enough: one may hold fewer than it was asked for. */
async function pages(session: Session, dataset: string, options: Options): Promise<Page<PredictionAnswer>> {
  const path = session.path('ingestion', 'datasets', dataset, 'predictions');
  const { model, modelVersion: version, from, until: to, limit } = options;
  const items: PredictionAnswer[] = [];
  let next: string | null = options.after ?? null;
  do {
    const page: Page<PredictionAnswer> = await session.client.get(path, {
      model,
      version,
      from,
      to,
      after: next ?? undefined,
      limit: Math.min(limit - items.length, PAGE),
    });
    items.push(...page.items);
    next = page.next as string | null;
  } while (next !== null && items.length < limit);
  return { items, next };
}

const columnsOf = (rows: readonly PredictionAnswer[]): string[] => [
  ...new Set(rows.flatMap(({ inputs }) => inputs ?? []).map(({ column }) => column)),
];

function valuesOf({ inputs }: PredictionAnswer, columns: readonly string[]): (string | null)[] {
  const values = new Map((inputs ?? []).map(({ column, value }) => [column, value]));
  return columns.map((column) => values.get(column) ?? null);
}
