import type { PredictedRow } from '@steward/client';
import { errors } from '@steward/kernel';
import { usage } from '../cli-error';
import { csvChunks, requireColumns, type CsvRow } from '../csv-rows';
import { count, figure } from '../format';
import { overGrpc, overRest, requestColumns, type ModelInput, type PredictRows } from '../predict-rows';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { collect, common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly row?: readonly string[];
  readonly also: readonly string[];
  readonly grpc?: string;
}

const ROWS_A_REQUEST = 200;

export const registerPredict: Verb = (program, open) => {
  common(program.command('predict'))
    .description("predict with the model that is served; only the model's inputs are sent")
    .argument('<model>')
    .option('-f, --file <file>', 'rows: CSV with a header line')
    .option('--row <name=value...>', 'one row by its values')
    .option(
      '--also <column>',
      'send this column too: a sensitive one for fairness, or subject (a pseudonym); repeatable',
      collect,
      [],
    )
    .option('--grpc <address>', 'over gRPC at HOST:PORT instead of REST at the entry port')
    .action(async (model: string, options: Options) => {
      if ((options.file === undefined) === (options.row === undefined))
        throw usage('Give the rows in one way: --file rows.csv, or --row name=value name=value ...');
      await predict(open(options), model, options);
    });
};

async function predict(session: Session, model: string, options: Options): Promise<void> {
  const { client } = session;
  const served = `${session.project}.${model}`;
  const { inputs } = await client.get<{ inputs: readonly ModelInput[] }>(
    `/v2/models/${encodeURIComponent(served)}`,
  );
  const grpc =
    options.grpc === undefined ? null : overGrpc(options.grpc, client.options.credential ?? '', served);
  try {
    const rows = await session
      .progress(`predicting with ${served}`)
      .during((progress) =>
        predictAll(options, inputs, grpc?.predict ?? overRest(client, served), (done) =>
          progress.update(`${count(done)} rows predicted`),
        ),
      );
    session.show(rows, () =>
      table(
        ['prediction', 'label', 'probabilities'],
        rows.map(({ prediction, label, probabilities }) => [
          prediction,
          label,
          probabilities.map((value) => figure(value, 4)).join(' '),
        ]),
        'There were no rows.',
      ),
    );
  } finally {
    grpc?.close();
  }
}

async function predictAll(
  { file, row, also }: Options,
  inputs: readonly ModelInput[],
  send: PredictRows,
  onRows: (done: number) => void,
): Promise<PredictedRow[]> {
  const answers: PredictedRow[] = [];
  const needed = [...inputs.map(({ name }) => name), ...also];
  for await (const rows of file === undefined ? [[parseRow(row ?? [])]] : csvChunks(file, ROWS_A_REQUEST)) {
    requireColumns(file ?? 'The row', rows[0]!, needed);
    answers.push(...(await send(requestColumns(inputs, also, rows))));
    onRows(answers.length);
  }
  return answers;
}

/** `name=value` pairs as a row. */
export function parseRow(pairs: readonly string[]): CsvRow {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw errors.invalid('CLI.USAGE', `"${pair}" is no name=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}
