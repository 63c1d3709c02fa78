import type { PredictColumn, PredictedRow } from '@steward/client';
import { errors } from '@steward/kernel';
import { usage } from '../cli-error';
import { csvChunks, requireColumns, type CsvRow } from '../csv-rows';
import { explanationText, type Explanation } from '../explanation-table';
import { count, figure } from '../format';
import {
  explainRows,
  overGrpc,
  overRest,
  requestColumns,
  type ModelInput,
  type PredictRows,
} from '../predict-rows';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { collect, common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly row?: readonly string[];
  readonly also: readonly string[];
  readonly grpc?: string;
  readonly explain?: boolean;
  readonly whatIf?: boolean;
  readonly immutable: readonly string[];
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
    .option('--explain', 'say what each input did to each row')
    .option('--what-if', 'say too which smallest changes would turn the decision; 16 rows at most')
    .option(
      '--immutable <column>',
      'a column that cannot be changed (with --what-if); repeatable',
      collect,
      [],
    )
    .action(async (model: string, options: Options) => {
      if ((options.file === undefined) === (options.row === undefined))
        throw usage('Give the rows in one way: --file rows.csv, or --row name=value name=value ...');
      if (options.explain || options.whatIf) await explain(open(options), model, options);
      else await predict(open(options), model, options);
    });
};

async function inputsOf({ client }: Session, served: string): Promise<readonly ModelInput[]> {
  const { inputs } = await client.get<{ inputs: readonly ModelInput[] }>(
    `/v2/models/${encodeURIComponent(served)}`,
  );
  return inputs;
}

async function explain(session: Session, model: string, options: Options): Promise<void> {
  if (options.grpc !== undefined) throw usage('Explanations come over REST: leave --grpc out.');
  const served = `${session.project}.${model}`;
  const inputs = await inputsOf(session, served);
  const { immutable } = options;
  const counterfactuals = options.whatIf ? { immutable } : undefined;
  const explanations = await session.progress(`explaining ${served}`).during(async () => {
    const answers: Explanation[] = [];
    for await (const columns of requests(options, inputs))
      answers.push(await explainRows(session.client, served, columns, counterfactuals));
    return answers;
  });
  session.show(explanations, () =>
    explanations
      .flatMap((explanation) => explanation.rows.map((row) => explanationText(explanation, row)))
      .join('\n\n'),
  );
}

async function predict(session: Session, model: string, options: Options): Promise<void> {
  const { client } = session;
  const served = `${session.project}.${model}`;
  const inputs = await inputsOf(session, served);
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

/** The rows of the file or of the command line, as the columns of one request after the other. */
async function* requests(
  { file, row, also }: Options,
  inputs: readonly ModelInput[],
): AsyncGenerator<PredictColumn[]> {
  const needed = [...inputs.map(({ name }) => name), ...also];
  for await (const rows of file === undefined ? [[parseRow(row ?? [])]] : csvChunks(file, ROWS_A_REQUEST)) {
    requireColumns(file ?? 'The row', rows[0]!, needed);
    yield requestColumns(inputs, also, rows);
  }
}

async function predictAll(
  options: Options,
  inputs: readonly ModelInput[],
  send: PredictRows,
  onRows: (done: number) => void,
): Promise<PredictedRow[]> {
  const answers: PredictedRow[] = [];
  for await (const columns of requests(options, inputs)) {
    answers.push(...(await send(columns)));
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
