import { usage } from '../cli-error';
import { explanationText, type Explanation } from '../explanation-table';
import type { CommonOptions, Session } from '../session';
import { common, type Verb } from '../verb';

export const registerExplain: Verb = (program, open) => {
  common(program.command('explain'))
    .description('why an earlier prediction was made as it was: the same figures as then, from the log')
    .argument('<prediction>', '<prediction id>/<row>; without a row, row 0')
    .action(async (prediction: string, options: CommonOptions) => explain(open(options), prediction));
};

async function explain(session: Session, prediction: string): Promise<void> {
  const [id = '', row = '0', ...rest] = prediction.split('/');
  if (rest.length > 0) throw usage('A row is named <prediction id>/<row>, as `steward predict` names it.');
  const path = session.path('inference', 'predictions', id, row, 'explanation');
  const explanation = await session.client.get<Explanation>(path);
  session.show(explanation, () =>
    explanation.rows.map((each) => explanationText(explanation, each)).join('\n\n'),
  );
}
