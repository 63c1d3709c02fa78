import { usage } from '../cli-error';
import { explanationText, type Explanation } from '../explanation-table';
import type { CommonOptions, Session } from '../session';
import { collect, common, type Verb } from '../verb';

type Options = CommonOptions & { readonly whatIf?: boolean; readonly immutable: readonly string[] };

export const registerExplain: Verb = (program, open) => {
  common(program.command('explain'))
    .description('why an earlier prediction was made as it was: the same figures as then, from the log')
    .argument('<prediction>', '<prediction id>/<row>; without a row, row 0')
    .option('--what-if', 'say too which smallest changes would have turned the decision')
    .option(
      '--immutable <column>',
      'a column that cannot be changed (with --what-if); repeatable',
      collect,
      [],
    )
    .action(async (prediction: string, options: Options) => explain(open(options), prediction, options));
};

async function explain(session: Session, prediction: string, options: Options): Promise<void> {
  const [id = '', row = '0', ...rest] = prediction.split('/');
  if (rest.length > 0) throw usage('A row is named <prediction id>/<row>, as `steward predict` names it.');
  const path = session.path('inference', 'predictions', id, row, 'explanation');
  const { whatIf, immutable } = options;
  const wanted = whatIf ? { counterfactuals: 'true', immutable: immutable.join(',') } : {};
  const explanation = await session.client.get<Explanation>(path, wanted);
  session.show(explanation, () =>
    explanation.rows.map((each) => explanationText(explanation, each)).join('\n\n'),
  );
}
