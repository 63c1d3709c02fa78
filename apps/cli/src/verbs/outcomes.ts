import { csvChunks, requireColumns } from '../csv-rows';
import { count } from '../format';
import type { CommonOptions, Session } from '../session';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly file: string;
}

const OUTCOMES_A_CALL = 1_000;

export const registerOutcomes: Verb = (program, open) => {
  common(program.command('outcomes'))
    .description('report what really happened to predicted rows')
    .requiredOption('-f, --file <file>', 'CSV with the columns prediction (<prediction id>/<row>) and label')
    .action(async (options: Options) => outcomes(open(options), options.file));
};

async function outcomes(session: Session, file: string): Promise<void> {
  const path = session.path('inference', 'outcomes');
  const recorded = await session.progress(`sending ${file}`).during(async (progress) => {
    let total = 0;
    for await (const rows of csvChunks(file, OUTCOMES_A_CALL)) {
      requireColumns(file, rows[0]!, ['prediction', 'label']);
      const body = { outcomes: rows.map(({ prediction, label }) => ({ prediction, label })) };
      const answer = await session.client.post<{ recorded: number }>(path, body);
      total += answer.recorded;
      progress.update(`${count(total)} outcomes recorded`);
    }
    return total;
  });
  session.show({ recorded }, () => `${count(recorded)} outcomes recorded.`);
}
